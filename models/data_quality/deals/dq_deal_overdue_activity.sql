with
    deals as (select * from {{ ref("fct_deal_conditions") }}),
    flagged as (
        select
            deals.record_key,
            deals.connection,
            deals.owner_key,
            'since ' || cast(deals.overdue_since_date as varchar) as detected_value,
            deals.open_amount as money_at_risk
        from deals
        where deals.has_overdue_activity
    ),
    findings as ({{ rule_findings("deal_overdue_activity", "deal", "flagged") }})

select *
from findings
