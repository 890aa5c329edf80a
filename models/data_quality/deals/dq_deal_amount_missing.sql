with
    deals as (select * from {{ ref("fct_deal_conditions") }}),
    parameters as {{ rule_parameters("deal_amount_missing", ["position_share"]) }},
    flagged as (
        select
            deals.record_key,
            deals.connection,
            deals.owner_key,
            case when deals.amount is null then 'empty' else '0' end
            || ' in stage '
            || deals.stage_name as detected_value,
            deals.open_amount as money_at_risk
        from deals
        inner join parameters on deals.connection = parameters.connection
        where
            deals.is_amount_missing
            and (
                deals.status = 'won'
                or (
                    deals.status = 'open'
                    and deals.stage_position
                    > deals.open_stage_count * parameters.position_share
                )
            )
    ),
    findings as ({{ rule_findings("deal_amount_missing", "deal", "flagged") }})

select *
from findings
