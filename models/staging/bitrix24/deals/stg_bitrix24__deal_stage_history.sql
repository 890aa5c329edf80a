{{
    config(
        materialized="incremental",
        incremental_strategy="merge",
        unique_key=["connection", "native_id"],
        on_schema_change="fail",
    )
}}
-- Incremental: millions of rows that never change. A row that vanishes from the API
-- is hidden, not deleted.
with
    captures as ({{ last_captures(source("bitrix24", "deal_stage_history")) }}),
    unpacked as (
        select
            captures.connection,
            captures.id,
            captures.load_id,
            {{
                unpack(
                    "payload",
                    [
                        "TYPE_ID",
                        "OWNER_ID",
                        "CREATED_TIME",
                        "CATEGORY_ID",
                        "STAGE_ID",
                        "STAGE_SEMANTIC_ID",
                    ],
                )
            }}
        from captures
    ),
    typed as (
        select *, {{ utc_timestamp("CREATED_TIME") }} as entered_at from unpacked
    ),
    renamed as (
        select
            -- ids
            connection,
            id as native_id,
            owner_id as deal_id,
            coalesce(nullif(category_id, ''), '0') as pipeline_id,
            nullif(stage_id, '') as stage_id,
            load_id,

            -- strings
            nullif(type_id, '') as type_code,
            nullif(stage_semantic_id, '') as stage_semantics,
            {{ unreadable_values([["CREATED_TIME", "created_time", "entered_at"]]) }}
            as unreadable_values,

            -- numerics
            try_cast(id as bigint) as history_number,

            -- timestamps
            entered_at
        from typed
    )

select *
from renamed
