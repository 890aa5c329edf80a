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
                source("hubspot", "contacts"),
                [
                    "firstname",
                    "lastname",
                    "email",
                    "hs_additional_emails",
                    "phone",
                    "mobilephone",
                    "jobtitle",
                    "message",
                    "lifecyclestage",
                    "hs_lead_status",
                    "hubspot_owner_id",
                    "createdate",
                    "hs_analytics_source",
                    "hs_calculated_merged_vids",
                    "hs_merged_object_ids",
                    "country",
                    "state",
                    "city",
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
            {{ utc_timestamp("coalesce(nullif(createdate, ''), createdat)") }}
            as created_at
        from unpacked
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,
            nullif(hubspot_owner_id, '') as owner_id,
            nullif(hs_analytics_source, '') as source_code,
            last_load_id,

            -- strings
            nullif(trim(firstname), '') as first_name,
            nullif(trim(lastname), '') as last_name,
            nullif(trim(email), '') as email,
            nullif(hs_additional_emails, '') as additional_emails,
            nullif(trim(phone), '') as phone,
            nullif(trim(mobilephone), '') as mobile_phone,
            nullif(jobtitle, '') as job_title,
            nullif(trim(message), '') as comments,
            nullif(lifecyclestage, '') as lifecycle_stage,
            nullif(hs_lead_status, '') as lead_status,
            nullif(
                concat_ws(
                    ';',
                    nullif(hs_calculated_merged_vids, ''),
                    nullif(hs_merged_object_ids, '')
                ),
                ''
            ) as merged_ids,
            nullif(country, '') as country,
            nullif(state, '') as region,
            nullif(city, '') as city,
            nullif(utm_source, '') as utm_source,
            nullif(utm_medium, '') as utm_medium,
            nullif(utm_campaign, '') as utm_campaign,
            nullif(utm_content, '') as utm_content,
            nullif(utm_term, '') as utm_term,
            {{ unreadable_values([["createdate", "createdate", "created_at"]]) }}
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
