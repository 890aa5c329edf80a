-- Each rate lasts until the next; before the first one it is estimated by it.
with
    rates as (
        select
            *,
            row_number() over (
                partition by connection, currency order by valid_from_date
            ) as version_number,
            lead(valid_from_date) over (
                partition by connection, currency order by valid_from_date
            ) as next_date
        from {{ ref("int_currency_rates") }}
    ),
    intervals as (
        select
            connection,
            currency,
            base_currency,
            valid_from_date,
            coalesce(next_date, cast('9999-12-31' as date)) as valid_to_date,
            rate_to_base,
            false as is_rate_estimated
        from rates
        union all
        select
            connection,
            currency,
            base_currency,
            cast('1900-01-01' as date) as valid_from_date,
            valid_from_date as valid_to_date,
            rate_to_base,
            true as is_rate_estimated
        from rates
        where version_number = 1 and valid_from_date > cast('1900-01-01' as date)
    )

select *
from intervals
