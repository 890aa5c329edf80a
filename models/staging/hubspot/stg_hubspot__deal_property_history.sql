{{
    config(
        materialized="incremental",
        incremental_strategy="merge",
        unique_key=["connection", "native_id"],
        on_schema_change="fail",
    )
}}
-- Incremental: millions of rows that never change. HubSpot keeps a limited number per
-- property; we keep all.
with
    captures as (
        select
            connection,
            id,
            _dlt_load_id as load_id,
            payload,
            row_number() over (
                partition by connection, id
                order by extracted_at desc, _dlt_load_id desc, payload
            ) as version_rank
        from {{ source("hubspot", "deal_property_history") }} as captures
        where not is_deleted and {{ is_load_new("captures") }}
    ),
    unpacked as (
        select
            captures.connection,
            captures.id,
            captures.load_id,
            {{ unpack("payload", ["dealId", "property", "value", "timestamp"]) }}
        from captures
        where version_rank = 1
    ),
    typed as (
        select
            *,
            {{ utc_timestamp('"timestamp"') }} as set_at,
            -- Further entries of one instant have their number at the end of the id.
            substr(
                id, length(dealid) + length(property) + length("timestamp") + 4
            ) as number_text
        from unpacked
    ),
    renamed as (
        select
            -- ids
            connection,
            id as native_id,
            dealid as deal_id,
            load_id,

            -- strings
            property as property_name,
            nullif(value, '') as property_value,
            {{ unreadable_values([["timestamp", '"timestamp"', "set_at"]]) }}
            as unreadable_values,

            -- numerics
            coalesce(try_cast(nullif(number_text, '') as bigint), 1) as entry_number,

            -- timestamps
            set_at
        from typed
    )

select *
from renamed
