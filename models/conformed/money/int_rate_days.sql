-- One row always, so that a warehouse without rates still gives every record a day to
-- look them up.
with
    rate_days as (
        select
            coalesce(
                min(valid_from_date) - interval 1 day, cast('1900-01-01' as timestamp)
            ) as first_at,
            coalesce(max(valid_from_date), cast('1900-01-01' as date)) as last_date
        from {{ ref("int_exchange_rates") }}
        where valid_from_date > cast('1900-01-01' as date)
    ),
    typed as (select cast(first_at as date) as first_date, last_date from rate_days)

select *
from typed
