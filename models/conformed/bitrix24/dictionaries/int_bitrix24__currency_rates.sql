with
    captured as (
        select
            versions.*,
            {{ local_date("versions.captured_at", "reporting.time_zone") }}
            as valid_from_date
        from {{ ref("stg_bitrix24__currency_versions") }} as versions
        cross join {{ ref("int_reporting") }} as reporting
    ),
    -- What the present base was worth at each time: 1 unless another currency was the
    -- base then, in which all rates of that time are told.
    bases as (
        select
            captured.connection,
            captured.currency,
            captured.captured_at,
            lead(captured.captured_at) over (
                partition by captured.connection
                order by captured.captured_at, captured.load_id
            ) as next_captured_at,
            case
                when captured.is_base then cast(1 as decimal(20, 10)) else captured.rate
            end as rate,
            case
                when captured.is_base
                then cast(1 as decimal(20, 10))
                else captured.unit_count
            end as unit_count
        from captured
        inner join
            {{ ref("int_bitrix24__base_currencies") }} as base_currencies
            on captured.connection = base_currencies.connection
            and captured.currency = base_currencies.currency
    ),
    versions as (
        select
            captured.connection,
            captured.currency,
            captured.valid_from_date,
            {{
                ratio(
                    "captured.rate",
                    "bases.unit_count",
                    "cast(captured.unit_count * bases.rate as decimal(20, 10))",
                )
            }} as rate_to_base,
            bases.currency as base_currency,
            captured.captured_at,
            captured.load_id
        from captured
        inner join
            bases
            on captured.connection = bases.connection
            and captured.currency <> bases.currency
            and captured.captured_at >= bases.captured_at
            and (
                captured.captured_at < bases.next_captured_at
                or bases.next_captured_at is null
            )
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
        select connection, currency, valid_from_date, rate_to_base, base_currency
        from last_of_day
        where version_rank = 1
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
