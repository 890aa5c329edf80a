with
    versions as (
        select
            versions.connection,
            versions.currency,
            {{ local_date("versions.captured_at", "reporting.time_zone") }}
            as valid_from_date,
            {{
                ratio(
                    "versions.rate",
                    "cast(1 as decimal(20, 10))",
                    "versions.unit_count",
                )
            }} as rate_to_base,
            versions.captured_at,
            versions.load_id
        from {{ ref("stg_bitrix24__currency_versions") }} as versions
        cross join {{ ref("int_reporting") }} as reporting
    ),
    last_of_day as (
        select
            *,
            row_number() over (
                partition by connection, currency, valid_from_date
                order by captured_at desc, load_id desc
            ) as version_rank
        from versions
        where rate_to_base is not null
    ),
    rates_in_shared_shape as (
        select
            last_of_day.connection,
            last_of_day.currency,
            last_of_day.valid_from_date,
            last_of_day.rate_to_base,
            base_currencies.currency as base_currency
        from last_of_day
        inner join
            {{ ref("int_bitrix24__base_currencies") }} as base_currencies
            on last_of_day.connection = base_currencies.connection
        where
            last_of_day.version_rank = 1
            and last_of_day.currency <> base_currencies.currency
        union all
        select
            connection,
            currency,
            cast('1900-01-01' as date) as valid_from_date,
            cast(1 as decimal(20, 10)) as rate_to_base,
            currency as base_currency
        from {{ ref("int_bitrix24__base_currencies") }}
    )

select *
from rates_in_shared_shape
