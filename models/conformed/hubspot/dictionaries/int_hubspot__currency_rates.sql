with
    rates as (
        select
            rates.connection,
            rates.native_id,
            rates.from_currency as currency,
            {{ local_date("rates.effective_at", "reporting.time_zone") }}
            as valid_from_date,
            rates.effective_at,
            rates.rate as rate_to_base,
            accounts.base_currency
        from {{ ref("stg_hubspot__exchange_rates") }} as rates
        inner join
            {{ ref("stg_hubspot__account") }} as accounts
            on rates.connection = accounts.connection
            and rates.to_currency = accounts.base_currency
            and rates.from_currency <> accounts.base_currency
        cross join {{ ref("int_reporting") }} as reporting
        where
            rates.is_active
            and rates.rate is not null
            and rates.effective_at is not null
    ),
    last_of_day as (
        select
            *,
            row_number() over (
                partition by connection, currency, valid_from_date
                order by effective_at desc, native_id desc
            ) as version_rank
        from rates
    ),
    rates_in_shared_shape as (
        select connection, currency, valid_from_date, rate_to_base, base_currency
        from last_of_day
        where version_rank = 1
        union all
        select
            connection,
            base_currency as currency,
            cast('1900-01-01' as date) as valid_from_date,
            cast(1 as decimal(20, 10)) as rate_to_base,
            base_currency
        from {{ ref("stg_hubspot__account") }}
        where base_currency is not null
    )

select *
from rates_in_shared_shape
