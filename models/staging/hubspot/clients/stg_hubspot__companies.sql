{{
    config(
        materialized="incremental",
        incremental_strategy="merge",
        unique_key=["connection", "native_id"],
        on_schema_change="fail",
    )
}}
-- Incremental: millions of payloads are parsed once. Its watermark is explained in
-- is_record_changed().
with
    unpacked as (
        {{
            hubspot_records(
                source("hubspot", "companies"),
                [
                    "name",
                    "phone",
                    "industry",
                    "country",
                    "state",
                    "city",
                    "hubspot_owner_id",
                    "createdate",
                    "hs_analytics_source",
                    "hs_merged_object_ids",
                ],
            )
        }}
    ),
    typed as (
        select
            *,
            {{ utc_timestamp("coalesce(nullif(createdate, ''), createdat)") }}
            as created_at
        from unpacked
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,
            nullif(hubspot_owner_id, '') as owner_id,
            nullif(hs_analytics_source, '') as source_code,
            last_load_id,

            -- strings
            nullif(trim(name), '') as company_name,
            nullif(trim(phone), '') as phone,
            nullif(industry, '') as industry,
            nullif(country, '') as country,
            nullif(state, '') as region,
            nullif(city, '') as city,
            nullif(hs_merged_object_ids, '') as merged_ids,
            {{ unreadable_values([["createdate", "createdate", "created_at"]]) }}
            as unreadable_values,

            -- booleans
            is_gone as is_deleted,
            is_gone and is_gone_at_estimated as is_deleted_at_estimated,

            -- timestamps
            created_at,
            modified_at,
            extracted_at as captured_at,
            gone_at as deleted_at
        from typed
    )

select *
from renamed
