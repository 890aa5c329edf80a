with
    deals as (select * from {{ ref("fct_deal_conditions") }}),
    parameters as {{ rule_parameters("deal_close_date_missing", ["position_share"]) }},
    flagged as (
        select
            deals.record_key,
            deals.connection,
            deals.owner_key,
            'no date in stage ' || deals.stage_name as detected_value,
            deals.open_amount as money_at_risk
        from deals
        inner join parameters on deals.connection = parameters.connection
        where
            deals.status = 'open'
            and deals.is_close_date_missing
            and deals.stage_position
            > deals.open_stage_count * parameters.position_share
    ),
    findings as ({{ rule_findings("deal_close_date_missing", "deal", "flagged") }})

select *
from findings
