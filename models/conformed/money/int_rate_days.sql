-- One row always, so that a warehouse without rates still gives every record a day to
-- look them up. A rate that a CRM announces for a later day is not the latest one yet.
with
    present as (
        select max(data_as_of_date) as present_date from {{ ref("int_data_as_of") }}
    ),
    rate_days as (
        select
            coalesce(
                min(rates.valid_from_date) - interval 1 day,
                cast('1900-01-01' as timestamp)
            ) as first_at,
            coalesce(
                max(
                    case
                        when rates.valid_from_date > present.present_date
                        then null
                        else rates.valid_from_date
                    end
                ),
                min(rates.valid_from_date),
                cast('1900-01-01' as date)
            ) as last_date
        from {{ ref("int_exchange_rates") }} as rates
        cross join present
        where rates.valid_from_date > cast('1900-01-01' as date)
    ),
    typed as (select cast(first_at as date) as first_date, last_date from rate_days)

select *
from typed
