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
        from {{ source("hubspot", "deals") }} as captures
        where not is_deleted and {{ is_load_new("captures") }}
    ),
    envelopes as (
        select
            connection,
            id,
            modified_at,
            extracted_at,
            load_id,
            {{ unpack("payload", ["properties"]) }}
        from captures
    ),
    unpacked as (
        select
            envelopes.*,
            {{
                unpack(
                    "properties",
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
        from envelopes
    ),
    -- Distinct, because a page that was read twice in one load lands twice.
    versions as (
        select distinct
            -- ids
            connection,
            id as native_id,
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
            extracted_at as captured_at
        from unpacked
    )

select *
from versions
