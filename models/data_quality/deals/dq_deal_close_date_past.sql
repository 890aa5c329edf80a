with
    deals as (select * from {{ ref("fct_deal_conditions") }}),
    parameters as {{ rule_parameters("deal_close_date_past", ["days"]) }},
    flagged as (
        select
            deals.record_key,
            deals.connection,
            deals.owner_key,
            cast(deals.expected_close_date as varchar) as detected_value,
            deals.open_amount as money_at_risk
        from deals
        inner join parameters on deals.connection = parameters.connection
        where deals.is_close_date_past and deals.days_past_close_date > parameters.days
    ),
    findings as ({{ rule_findings("deal_close_date_past", "deal", "flagged") }})

select *
from findings
