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
    newest as ({{ newest_versions(source("bitrix24", "companies")) }}),
    unpacked as (
        select
            newest.*,
            {{
                unpack(
                    "payload",
                    [
                        "title",
                        "industry",
                        "isMyCompany",
                        "sourceId",
                        "assignedById",
                        "categoryId",
                        "createdTime",
                        "fm",
                    ],
                )
            }}
        from newest
    ),
    typed as (
        select
            *,
            {{ utc_timestamp("createdTime") }} as created_at,
            try_cast(categoryid as bigint) as list_number
        from unpacked
    ),
    renamed as (
        select
            -- ids
            connection,
            id as native_id,
            nullif(nullif(assignedbyid, ''), '0') as owner_id,
            nullif(sourceid, '') as source_code,
            nullif(industry, '') as industry_code,
            last_load_id,

            -- strings
            nullif(trim(title), '') as company_name,
            nullif(fm, '[]') as contact_points,
            {{
                unreadable_values(
                    [
                        ["createdTime", "createdtime", "created_at"],
                        ["categoryId", "categoryid", "list_number"],
                    ]
                )
            }} as unreadable_values,

            -- booleans
            coalesce({{ bitrix24_flag("ismycompany") }}, false) as is_own_company,
            -- The list of clients has the number 0; others hold vendors and the like.
            coalesce(list_number <> 0, false) as is_in_special_list,
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
