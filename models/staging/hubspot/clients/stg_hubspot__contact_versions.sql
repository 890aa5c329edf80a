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
                source("hubspot", "contacts"), ["lifecyclestage", "hs_lead_status"]
            )
        }}
    ),
    -- Distinct, because a page that was read twice in one load lands twice.
    versions as (
        select distinct
            -- ids
            connection,
            native_id,
            load_id,

            -- strings
            nullif(lifecyclestage, '') as lifecycle_stage,
            nullif(hs_lead_status, '') as lead_status,

            -- timestamps
            modified_at,
            captured_at
        from unpacked
    )

select *
from versions
