with
    deals as (select * from {{ ref("fct_deal_conditions") }}),
    parameters as {{ rule_parameters("deal_stalled", ["days", "won_deals"]) }},
    flagged as (
        select
            deals.record_key,
            deals.connection,
            deals.owner_key,
            deals.stage_name
            || ' since '
            || cast(deals.entered_stage_date as varchar) as detected_value,
            deals.open_amount as money_at_risk
        from deals
        inner join parameters on deals.connection = parameters.connection
        where
            deals.is_stalled
            and deals.won_deals_in_stage >= parameters.won_deals
            and deals.seconds_in_stage >= parameters.days * 86400
    ),
    findings as ({{ rule_findings("deal_stalled", "deal", "flagged") }})

select *
from findings
