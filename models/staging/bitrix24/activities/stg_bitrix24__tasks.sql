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
    newest as ({{ newest_versions(source("bitrix24", "tasks")) }}),
    unpacked as (
        select
            newest.*,
            {{
                unpack(
                    "payload",
                    [
                        "title",
                        "status",
                        "responsibleId",
                        "createdDate",
                        "closedDate",
                        "dateStart",
                        "deadline",
                        "ufCrmTask",
                    ],
                )
            }}
        from newest
    ),
    typed as (
        select
            *,
            {{ utc_timestamp("createdDate") }} as created_at,
            {{ utc_timestamp("closedDate") }} as closed_at,
            {{ utc_timestamp("dateStart") }} as started_at,
            {{ utc_timestamp("deadline") }} as deadline_at
        from unpacked
    ),
    renamed as (
        select
            -- ids
            connection,
            id as native_id,
            nullif(nullif(responsibleid, ''), '0') as responsible_id,
            last_load_id,

            -- strings
            nullif(title, '') as subject,
            status as status_code,
            case when substr(ufcrmtask, 1, 2) = '["' then ufcrmtask end as record_codes,
            {{
                unreadable_values(
                    [
                        ["createdDate", "createddate", "created_at"],
                        ["closedDate", "closeddate", "closed_at"],
                        ["dateStart", "datestart", "started_at"],
                        ["deadline", "deadline", "deadline_at"],
                    ]
                )
            }} as unreadable_values,

            -- booleans
            is_gone as is_deleted,

            -- timestamps
            created_at,
            modified_at,
            extracted_at as captured_at,
            started_at,
            deadline_at,
            closed_at,
            gone_at as deleted_at
        from typed
    )

select *
from renamed
