with
    newest as ({{ newest_versions(source("bitrix24", "users")) }}),
    unpacked as (
        select
            connection,
            id as native_id,
            is_gone,
            {{ unpack("payload", ["NAME", "LAST_NAME", "EMAIL", "ACTIVE"]) }}
        from newest
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,

            -- strings
            nullif(trim(name), '') as first_name,
            nullif(trim(last_name), '') as last_name,
            nullif(trim(email), '') as email,

            -- booleans; ACTIVE is a JSON boolean here and nowhere else in this API
            lower(active) in ('true', 'y', '1') and not is_gone as is_active
        from unpacked
    )

select *
from renamed
