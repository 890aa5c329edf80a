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
                source("hubspot", "deals"),
                [
                    "pipeline",
                    "dealstage",
                    "amount",
                    "deal_currency_code",
                    "closedate",
                    "hubspot_owner_id",
                ],
            )
        }}
    ),
    -- Distinct, because a page that was read twice in one load lands twice.
    versions as (
        select distinct
            -- ids
            connection,
            native_id,
            nullif(pipeline, '') as pipeline_id,
            nullif(dealstage, '') as stage_id,
            nullif(hubspot_owner_id, '') as owner_id,
            load_id,

            -- strings
            nullif(upper(deal_currency_code), '') as currency,

            -- numerics
            cast(try_cast(amount as decimal(21, 6)) as decimal(28, 6)) as amount,

            -- timestamps
            {{ utc_timestamp("closedate") }} as close_at,
            modified_at,
            captured_at
        from unpacked
    )

select *
from versions
