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
                source("hubspot", "deals"),
                [
                    "dealname",
                    "pipeline",
                    "dealstage",
                    "amount",
                    "deal_currency_code",
                    "closedate",
                    "createdate",
                    "hubspot_owner_id",
                    "hs_deal_stage_probability",
                    "hs_is_closed_won",
                    "hs_is_closed_lost",
                    "hs_analytics_source",
                    "dealtype",
                    "closed_lost_reason",
                    "hs_merged_object_ids",
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
            try_cast(amount as decimal(21, 6)) as typed_amount,
            try_cast(hs_deal_stage_probability as decimal(9, 6)) as probability,
            {{ utc_timestamp("closedate") }} as close_at,
            {{ utc_timestamp("coalesce(nullif(createdate, ''), createdat)") }}
            as created_at
        from unpacked
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,
            nullif(pipeline, '') as pipeline_id,
            nullif(dealstage, '') as stage_id,
            nullif(hubspot_owner_id, '') as owner_id,
            nullif(hs_analytics_source, '') as source_code,
            last_load_id,

            -- strings
            dealname as title,
            nullif(upper(deal_currency_code), '') as currency,
            nullif(trim(closed_lost_reason), '') as loss_reason,
            nullif(hs_merged_object_ids, '') as merged_ids,
            nullif(utm_source, '') as utm_source,
            nullif(utm_medium, '') as utm_medium,
            nullif(utm_campaign, '') as utm_campaign,
            nullif(utm_content, '') as utm_content,
            nullif(utm_term, '') as utm_term,
            {{
                unreadable_values(
                    [
                        ["amount", "amount", "typed_amount"],
                        ["closedate", "closedate", "close_at"],
                        ["createdate", "createdate", "created_at"],
                        [
                            "hs_deal_stage_probability",
                            "hs_deal_stage_probability",
                            "probability",
                        ],
                    ]
                )
            }} as unreadable_values,

            -- numerics
            cast(typed_amount as decimal(28, 6)) as amount,
            probability,

            -- booleans
            nullif(hs_is_closed_won, '') = 'true' as is_closed_won,
            nullif(hs_is_closed_lost, '') = 'true' as is_closed_lost,
            case
                dealtype when 'existingbusiness' then true when 'newbusiness' then false
            end as is_repeat,
            is_gone as is_deleted,
            is_gone and is_gone_at_estimated as is_deleted_at_estimated,

            -- timestamps
            close_at,
            created_at,
            modified_at,
            extracted_at as captured_at,
            gone_at as deleted_at
        from typed
    )

select *
from renamed
