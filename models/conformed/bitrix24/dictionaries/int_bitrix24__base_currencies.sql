with
    versions as (
        select
            *,
            row_number() over (
                partition by connection, currency
                order by captured_at desc, load_id desc
            ) as version_rank
        from {{ ref("stg_bitrix24__currency_versions") }}
    ),
    -- A base that was taken off the list still calls itself one, with its last words.
    base_currencies as (
        select
            connection,
            max_by(currency, {{ in_order(["captured_at", "load_id"]) }}) as currency
        from versions
        where version_rank = 1 and is_base
        group by connection
    )

select *
from base_currencies
