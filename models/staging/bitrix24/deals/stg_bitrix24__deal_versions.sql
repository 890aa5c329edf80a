{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        on_schema_change="fail",
    )
}}
-- Incremental: captures never change, so only loads that are new here are read.
with
    captures as (
        select
            connection, id, modified_at, extracted_at, _dlt_load_id as load_id, payload
        from {{ source("bitrix24", "deals") }} as captures
        where not is_deleted and {{ is_load_new("captures") }}
    ),
    unpacked as (
        select
            captures.*,
            {{
                unpack(
                    "payload",
                    [
                        "categoryId",
                        "stageId",
                        "opportunity",
                        "currencyId",
                        "closedate",
                        "assignedById",
                        "movedTime",
                        "probability",
                    ],
                )
            }}
        from captures
    ),
    -- Distinct, because a page that was read twice in one load lands twice.
    versions as (
        select distinct
            -- ids
            connection,
            id as native_id,
            coalesce(nullif(categoryid, ''), '0') as pipeline_id,
            nullif(stageid, '') as stage_id,
            nullif(nullif(assignedbyid, ''), '0') as owner_id,
            load_id,

            -- strings
            nullif(upper(currencyid), '') as currency,

            -- numerics
            cast(try_cast(opportunity as decimal(21, 6)) as decimal(28, 6)) as amount,
            try_cast(probability as decimal(9, 6)) as probability_percent,

            -- timestamps
            try_cast(substr(closedate, 1, 10) as date) as close_date,
            modified_at,
            {{ utc_timestamp("movedTime") }} as moved_at,
            extracted_at as captured_at
        from unpacked
    )

select *
from versions
