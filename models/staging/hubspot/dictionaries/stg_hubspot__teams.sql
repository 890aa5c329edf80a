with
    newest as ({{ newest_versions(source("hubspot", "teams")) }}),
    unpacked as (
        select connection, id as native_id, is_gone, {{ unpack("payload", ["name"]) }}
        from newest
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,

            -- strings
            name as team_name,

            -- booleans
            not is_gone as is_active
        from unpacked
    )

select *
from renamed
