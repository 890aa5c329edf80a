with
    deals as (select * from {{ ref("fct_deal_conditions") }}),
    flagged as (
        select
            deals.record_key,
            deals.connection,
            deals.owner_key,
            'history: '
            || coalesce(deals.told_stage_name, 'unknown')
            || ', now: '
            || deals.stage_name as detected_value,
            deals.open_amount as money_at_risk
        from deals
        where deals.is_history_disagreeing
    ),
    findings as ({{ rule_findings("deal_history_disagrees", "deal", "flagged") }})

select *
from findings
