{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["connection", "set_id"],
        on_schema_change="fail",
    )
}}
-- Incremental: a set may be of any size. Replaced by owner, so that an address that was
-- removed leaves; an owner without any keeps one empty row, which replaces those it
-- had.
with
    newest as ({{ newest_versions(source("bitrix24", "addresses")) }}),
    unpacked as (
        select
            connection,
            id as set_id,
            is_gone,
            last_load_id,
            {{ unpack("payload", ["ownerType", "ownerId", "addresses"]) }}
        from newest
    ),
    elements as (
        select connection, set_id, {{ json_elements("addresses") }}
        from unpacked
        where not is_gone and substr(addresses, 1, 1) = '['
    ),
    addresses as (
        select
            connection,
            set_id,
            position,
            {{
                unpack(
                    "element", ["TYPE_ID", "CITY", "REGION", "PROVINCE", "COUNTRY"]
                )
            }}
        from elements
    ),
    renamed as (
        select
            -- ids
            unpacked.connection,
            unpacked.set_id,
            unpacked.ownerid as native_id,
            unpacked.last_load_id,

            -- strings; what the portal calls a region is a district of its province
            unpacked.ownertype as record_type,
            addresses.type_id as type_code,
            nullif(trim(addresses.country), '') as country,
            nullif(trim(addresses.province), '') as province,
            nullif(trim(addresses.region), '') as district,
            nullif(trim(addresses.city), '') as city,

            -- numerics
            cast(addresses.position as bigint) as position
        from unpacked
        left join
            addresses
            on unpacked.connection = addresses.connection
            and unpacked.set_id = addresses.set_id
    )

select *
from renamed
