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
                        "leadId",
                        "companyId",
                        "contactId",
                        "contactIds",
                        "sourceId",
                        "isReturnCustomer",
                        "isRepeatedApproach",
                        "utmSource",
                        "utmMedium",
                        "utmCampaign",
                        "utmContent",
                        "utmTerm",
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
            nullif(nullif(leadid, ''), '0') as lead_id,
            nullif(nullif(companyid, ''), '0') as company_id,
            nullif(nullif(contactid, ''), '0') as contact_id,
            nullif(sourceid, '') as source_code,
            last_load_id,

            -- strings
            title,
            nullif(stagesemanticid, '') as stage_semantics,
            nullif(upper(currencyid), '') as currency,
            nullif(utmsource, '') as utm_source,
            nullif(utmmedium, '') as utm_medium,
            nullif(utmcampaign, '') as utm_campaign,
            nullif(utmcontent, '') as utm_content,
            nullif(utmterm, '') as utm_term,
            nullif(contactids, '[]') as contact_ids,
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
            coalesce({{ bitrix24_flag("isrecurring") }}, false) as is_template,
            -- Deals of a client who has bought, and of one who asked before: neither is
            -- initial.
            {{ bitrix24_flag("isreturncustomer") }}
            or {{ bitrix24_flag("isrepeatedapproach") }} as is_repeat,
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
