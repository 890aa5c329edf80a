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
    newest as ({{ newest_versions(source("bitrix24", "leads")) }}),
    unpacked as (
        select
            newest.*,
            {{
                unpack(
                    "payload",
                    [
                        "title",
                        "stageId",
                        "stageSemanticId",
                        "statusDescription",
                        "opportunity",
                        "currencyId",
                        "companyId",
                        "contactId",
                        "contactIds",
                        "sourceId",
                        "isReturnCustomer",
                        "assignedById",
                        "createdTime",
                        "movedTime",
                        "dateClosed",
                        "utmSource",
                        "utmMedium",
                        "utmCampaign",
                        "utmContent",
                        "utmTerm",
                        "fm",
                    ],
                )
            }}
        from newest
    ),
    typed as (
        select
            *,
            try_cast(opportunity as decimal(21, 6)) as amount,
            {{ utc_timestamp("createdTime") }} as created_at,
            {{ utc_timestamp("movedTime") }} as moved_at,
            {{ utc_timestamp("dateClosed") }} as closed_at
        from unpacked
    ),
    renamed as (
        select
            -- ids
            connection,
            id as native_id,
            nullif(stageid, '') as stage_id,
            nullif(nullif(assignedbyid, ''), '0') as owner_id,
            nullif(nullif(companyid, ''), '0') as company_id,
            nullif(nullif(contactid, ''), '0') as contact_id,
            nullif(sourceid, '') as source_code,
            last_load_id,

            -- strings
            title,
            nullif(stagesemanticid, '') as stage_semantics,
            nullif(statusdescription, '') as loss_note,
            nullif(upper(currencyid), '') as currency,
            nullif(utmsource, '') as utm_source,
            nullif(utmmedium, '') as utm_medium,
            nullif(utmcampaign, '') as utm_campaign,
            nullif(utmcontent, '') as utm_content,
            nullif(utmterm, '') as utm_term,
            nullif(contactids, '[]') as contact_ids,
            nullif(fm, '[]') as contact_points,
            {{
                unreadable_values(
                    [
                        ["opportunity", "opportunity", "amount"],
                        ["createdTime", "createdtime", "created_at"],
                        ["movedTime", "movedtime", "moved_at"],
                        ["dateClosed", "dateclosed", "closed_at"],
                    ]
                )
            }} as unreadable_values,

            -- numerics
            cast(amount as decimal(28, 6)) as amount,

            -- booleans
            {{ bitrix24_flag("isreturncustomer") }} as is_repeat,
            is_gone as is_deleted,
            is_gone and is_gone_at_estimated as is_deleted_at_estimated,

            -- timestamps
            created_at,
            modified_at,
            moved_at,
            closed_at,
            extracted_at as captured_at,
            gone_at as deleted_at
        from typed
    )

select *
from renamed
