-- A table, and a row per day: looking a rate up is then a join on equality, whatever
-- the number of rates.
{{ config(materialized="table") }}
with
    days as (
        select {{ day_series("first_date", "last_date") }}
        from {{ ref("int_rate_days") }}
    ),
    daily as (
        select
            rates.connection,
            rates.currency,
            days.day as rate_date,
            rates.rate,
            rates.is_rate_estimated
        from {{ ref("int_exchange_rates") }} as rates
        inner join
            days
            on days.day >= rates.valid_from_date
            and (days.day < rates.valid_to_date or rates.valid_to_date is null)
    )

select *
from daily
