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
        from {{ source("bitrix24", "leads") }} as captures
        where not is_deleted and {{ is_load_new("captures") }}
    ),
    unpacked as (
        select captures.*, {{ unpack("payload", ["stageId", "movedTime"]) }}
        from captures
    ),
    -- Distinct, because a page that was read twice in one load lands twice.
    versions as (
        select distinct
            -- ids
            connection,
            id as native_id,
            nullif(stageid, '') as stage_id,
            load_id,

            -- timestamps
            modified_at,
            {{ utc_timestamp("movedTime") }} as moved_at,
            extracted_at as captured_at
        from unpacked
    )

select *
from versions
