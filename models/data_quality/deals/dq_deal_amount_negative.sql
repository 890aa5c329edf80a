with
    deals as (select * from {{ ref("fct_deal_conditions") }}),
    flagged as (
        select
            deals.record_key,
            deals.connection,
            deals.owner_key,
            cast(cast(deals.amount as decimal(28, 2)) as varchar) as detected_value,
            deals.open_amount as money_at_risk
        from deals
        where deals.is_amount_negative
    ),
    findings as ({{ rule_findings("deal_amount_negative", "deal", "flagged") }})

select *
from findings
