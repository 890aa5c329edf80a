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
    newest as ({{ newest_versions(source("bitrix24", "activities")) }}),
    first_done as (
        {{
            first_sightings_done(
                source("bitrix24", "activities"),
                "COMPLETED",
                bitrix24_flag("completed"),
            )
        }}
    ),
    unpacked as (
        select
            newest.*,
            first_done.completed_seen_at,
            {{
                unpack(
                    "newest.payload",
                    [
                        "OWNER_ID",
                        "OWNER_TYPE_ID",
                        "TYPE_ID",
                        "PROVIDER_ID",
                        "ASSOCIATED_ENTITY_ID",
                        "SUBJECT",
                        "CREATED",
                        "START_TIME",
                        "END_TIME",
                        "DEADLINE",
                        "COMPLETED",
                        "DIRECTION",
                        "RESPONSIBLE_ID",
                    ],
                )
            }}
        from newest
        left join
            first_done
            on newest.connection = first_done.connection
            and newest.id = first_done.id
    ),
    typed as (
        select
            *,
            {{ utc_timestamp("CREATED") }} as created_at,
            {{ utc_timestamp("START_TIME") }} as started_at,
            {{ utc_timestamp("END_TIME") }} as ended_at,
            {{ utc_timestamp("DEADLINE") }} as deadline_at
        from unpacked
    ),
    renamed as (
        select
            -- ids
            connection,
            id as native_id,
            nullif(nullif(responsible_id, ''), '0') as responsible_id,
            nullif(nullif(owner_id, ''), '0') as owner_id,
            {{ bitrix24_record_type("owner_type_id") }} as owner_type,
            nullif(nullif(associated_entity_id, ''), '0') as associated_id,
            last_load_id,

            -- strings
            type_id as type_code,
            nullif(provider_id, '') as provider_code,
            nullif(subject, '') as subject,
            case
                direction when '1' then 'inbound' when '2' then 'outbound'
            end as direction,
            {{
                unreadable_values(
                    [
                        ["CREATED", "created", "created_at"],
                        ["START_TIME", "start_time", "started_at"],
                        ["END_TIME", "end_time", "ended_at"],
                        ["DEADLINE", "deadline", "deadline_at"],
                    ]
                )
            }} as unreadable_values,

            -- booleans
            coalesce({{ bitrix24_flag("completed") }}, false) as is_completed,
            is_gone as is_deleted,

            -- timestamps
            created_at,
            modified_at,
            extracted_at as captured_at,
            started_at,
            ended_at,
            deadline_at,
            -- Done in the only version that was read.
            coalesce(
                completed_seen_at,
                case when {{ bitrix24_flag("completed") }} then modified_at end
            ) as completed_seen_at,
            gone_at as deleted_at
        from typed
    )

select *
from renamed
