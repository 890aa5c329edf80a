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
                source("hubspot", "leads"),
                [
                    "hs_lead_name",
                    "hs_pipeline",
                    "hs_pipeline_stage",
                    "hubspot_owner_id",
                    "hs_primary_contact_id",
                    "hs_lead_disqualification_reason",
                    "hs_lead_disqualification_note",
                    "hs_createdate",
                    "hs_analytics_source",
                    "utm_source",
                    "utm_medium",
                    "utm_campaign",
                    "utm_content",
                    "utm_term",
                ],
            )
        }}
    ),
    typed as (
        select
            *,
            {{ utc_timestamp("coalesce(nullif(hs_createdate, ''), createdat)") }}
            as created_at
        from unpacked
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,
            nullif(hs_pipeline, '') as pipeline_id,
            nullif(hs_pipeline_stage, '') as stage_id,
            nullif(hubspot_owner_id, '') as owner_id,
            nullif(hs_primary_contact_id, '') as primary_contact_id,
            nullif(hs_analytics_source, '') as source_code,
            last_load_id,

            -- strings
            hs_lead_name as title,
            coalesce(
                nullif(hs_lead_disqualification_note, ''),
                nullif(hs_lead_disqualification_reason, '')
            ) as loss_note,
            nullif(utm_source, '') as utm_source,
            nullif(utm_medium, '') as utm_medium,
            nullif(utm_campaign, '') as utm_campaign,
            nullif(utm_content, '') as utm_content,
            nullif(utm_term, '') as utm_term,
            {{ unreadable_values([["hs_createdate", "hs_createdate", "created_at"]]) }}
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
