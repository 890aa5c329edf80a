with
    newest as ({{ newest_versions(source("hubspot", "owners")) }}),
    unpacked as (
        select
            connection,
            id as native_id,
            is_gone,
            {{ unpack("payload", ["firstName", "lastName", "email", "archived"]) }}
        from newest
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,

            -- strings
            nullif(trim(firstname), '') as first_name,
            nullif(trim(lastname), '') as last_name,
            nullif(trim(email), '') as email,

            -- booleans
            not is_gone and coalesce(archived, 'false') <> 'true' as is_active
        from unpacked
    )

select *
from renamed
