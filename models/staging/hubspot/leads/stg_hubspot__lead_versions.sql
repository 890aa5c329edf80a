{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        on_schema_change="fail",
    )
}}
-- Incremental: captures never change, so only loads that are new here are read.
with
    unpacked as (
        {{
            hubspot_versions(
                source("hubspot", "leads"), ["hs_pipeline", "hs_pipeline_stage"]
            )
        }}
    ),
    -- Distinct, because a page that was read twice in one load lands twice.
    versions as (
        select distinct
            -- ids
            connection,
            native_id,
            nullif(hs_pipeline, '') as pipeline_id,
            nullif(hs_pipeline_stage, '') as stage_id,
            load_id,

            -- timestamps
            modified_at,
            captured_at
        from unpacked
    )

select *
from versions
