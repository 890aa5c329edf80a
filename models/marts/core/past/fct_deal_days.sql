-- A view: a row per deal and day is more than anybody keeps, and a question is about
-- few days.
{{ config(materialized="view") }}
with
    days as (select * from {{ ref("dim_as_of_days") }}),
    states as (select * from {{ ref("fct_deal_states") }}),
    rates as (select * from {{ ref("dim_exchange_rates") }}),
    states_by_day as (
        select
            days.as_of_date,
            days.is_reported_day,
            days.is_month_end,
            states.*,
            rates.rate,
            coalesce(rates.is_rate_estimated, false) as is_rate_estimated,
            {{ money("states.amount * rates.rate") }} as amount_converted
        from states
        inner join
            days
            on days.as_of_date >= states.first_date
            and days.as_of_date <= states.last_date
        left join
            rates
            on states.connection = rates.connection
            and states.currency = rates.currency
            and days.as_of_date = rates.rate_date
    ),
    deal_days as (
        select
            as_of_date,
            is_reported_day,
            is_month_end,
            record_key,
            connection,
            record_type,
            record_url,
            title,
            pipeline_key,
            pipeline_name,
            stage_key,
            stage_name,
            stage_position,
            employee_key,
            employee_name,
            department,
            source_key,
            source_name,
            is_repeat,
            is_owner_carried_back,
            amount,
            currency,
            amount_converted,
            is_amount_carried_back,
            is_rate_estimated,
            rate is null as is_rate_missing,
            probability,
            cast(1 as bigint) as open_count,
            coalesce(amount_converted, 0) as open_amount,
            {{ money("coalesce(amount_converted, 0) * probability") }}
            as weighted_amount
        from states_by_day
    )

select *
from deal_days
