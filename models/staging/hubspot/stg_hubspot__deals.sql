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
    newest as ({{ newest_versions(source("hubspot", "deals")) }}),
    envelopes as (
        select
            newest.connection,
            newest.id as native_id,
            newest.modified_at,
            newest.extracted_at,
            newest.last_load_id,
            newest.is_gone,
            newest.gone_at,
            newest.is_gone_at_estimated,
            {{ unpack("payload", ["createdAt", "properties"]) }}
        from newest
    ),
    unpacked as (
        select
            envelopes.*,
            {{
                unpack(
                    "properties",
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
                    ],
                )
            }}
        from envelopes
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
            last_load_id,

            -- strings
            dealname as title,
            nullif(upper(deal_currency_code), '') as currency,
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
            coalesce(hs_is_closed_won = 'true', false) as is_closed_won,
            coalesce(hs_is_closed_lost = 'true', false) as is_closed_lost,
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
