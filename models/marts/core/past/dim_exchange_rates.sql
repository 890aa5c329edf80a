-- A row per day that can be told of: what was worth how much then is a join on
-- equality.
with
    days as (select * from {{ ref("int_as_of_days") }}),
    rate_days as (select * from {{ ref("int_rate_days") }}),
    rates as (
        select
            rates.connection,
            rates.currency,
            days.as_of_date as rate_date,
            rates.rate,
            rates.is_rate_estimated
        from days
        cross join rate_days
        inner join
            {{ ref("int_daily_exchange_rates") }} as rates
            -- Rates stand still before the first and after the last known day.
            on greatest(
                least(days.as_of_date, rate_days.last_date), rate_days.first_date
            )
            = rates.rate_date
    )

select *
from rates
