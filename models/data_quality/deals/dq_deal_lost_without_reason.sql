with
    deals as (select * from {{ ref("fct_deal_conditions") }}),
    flagged as (
        select
            deals.record_key,
            deals.connection,
            deals.owner_key,
            deals.stage_name as detected_value,
            deals.open_amount as money_at_risk
        from deals
        where deals.status = 'lost' and not deals.has_loss_reason
    ),
    findings as ({{ rule_findings("deal_lost_without_reason", "deal", "flagged") }})

select *
from findings
