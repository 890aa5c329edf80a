-- Of several addresses the one where a client is met stands for it, then the legal
-- one and
-- so on, among those that name a place at all. One address, whole: a city of one and a
-- country of another would be nowhere.
with
    addresses as (
        select
            connection,
            record_type,
            native_id,
            country,
            coalesce(province, district) as region,
            city,
            row_number() over (
                partition by connection, record_type, native_id
                order by try_cast(type_code as bigint) nulls last, position
            ) as address_rank
        from {{ ref("stg_bitrix24__addresses") }}
        where coalesce(country, province, district, city) is not null
    ),
    places as (
        select
            {{ record_key_of("native_id") }} as record_key,
            connection,
            record_type,
            country,
            region,
            city
        from addresses
        where address_rank = 1
    )

select *
from places
