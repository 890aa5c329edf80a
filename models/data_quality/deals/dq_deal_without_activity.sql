with
    deals as (select * from {{ ref("fct_deal_conditions") }}),
    flagged as (
        select
            deals.record_key,
            deals.connection,
            deals.owner_key,
            coalesce(
                'last activity ' || cast(deals.last_activity_date as varchar),
                'no activity at all'
            ) as detected_value,
            deals.open_amount as money_at_risk
        from deals
        where deals.status = 'open' and not deals.has_planned_activity
    ),
    findings as ({{ rule_findings("deal_without_activity", "deal", "flagged") }})

select *
from findings
