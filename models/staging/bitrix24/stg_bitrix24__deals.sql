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
    newest as ({{ newest_versions(source("bitrix24", "deals")) }}),
    unpacked as (
        select
            newest.*,
            {{
                unpack(
                    "payload",
                    [
                        "title",
                        "categoryId",
                        "stageId",
                        "stageSemanticId",
                        "isRecurring",
                        "opportunity",
                        "currencyId",
                        "probability",
                        "closedate",
                        "assignedById",
                        "createdTime",
                        "updatedTime",
                        "movedTime",
                    ],
                )
            }}
        from newest
    ),
    typed as (
        select
            *,
            try_cast(opportunity as decimal(21, 6)) as amount,
            try_cast(probability as decimal(9, 6)) as probability_percent,
            try_cast(substr(closedate, 1, 10) as date) as close_date,
            {{ utc_timestamp("createdTime") }} as created_at,
            {{ utc_timestamp("movedTime") }} as moved_at
        from unpacked
    ),
    renamed as (
        select
            -- ids
            connection,
            id as native_id,
            coalesce(nullif(categoryid, ''), '0') as pipeline_id,
            nullif(stageid, '') as stage_id,
            nullif(nullif(assignedbyid, ''), '0') as owner_id,
            last_load_id,

            -- strings
            title,
            nullif(stagesemanticid, '') as stage_semantics,
            nullif(upper(currencyid), '') as currency,
            {{
                unreadable_values(
                    [
                        ["opportunity", "opportunity", "amount"],
                        ["probability", "probability", "probability_percent"],
                        ["closedate", "closedate", "close_date"],
                        ["createdTime", "createdtime", "created_at"],
                        ["movedTime", "movedtime", "moved_at"],
                    ]
                )
            }} as unreadable_values,

            -- numerics
            cast(amount as decimal(28, 6)) as amount,
            probability_percent,

            -- booleans
            coalesce(isrecurring = 'Y', false) as is_template,
            is_gone as is_deleted,
            is_gone and is_gone_at_estimated as is_deleted_at_estimated,

            -- timestamps; a date that people typed comes with a time that means nothing
            close_date,
            created_at,
            modified_at,
            moved_at,
            extracted_at as captured_at,
            gone_at as deleted_at
        from typed
    )

select *
from renamed
