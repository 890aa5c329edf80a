with
    deals as (select * from {{ ref("fct_deal_conditions") }}),
    flagged as (
        select
            deals.record_key,
            deals.connection,
            deals.owner_key,
            coalesce(deals.owner_name, deals.owner_key) as detected_value,
            deals.open_amount as money_at_risk
        from deals
        where deals.status = 'open' and deals.is_owner_inactive
    ),
    findings as ({{ rule_findings("deal_owner_inactive", "deal", "flagged") }})

select *
from findings
