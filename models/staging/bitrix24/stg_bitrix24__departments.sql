with
    newest as ({{ newest_versions(source("bitrix24", "departments")) }}),
    unpacked as (
        select
            connection,
            id as native_id,
            is_gone,
            {{ unpack("payload", ["NAME", "PARENT", "UF_HEAD"]) }}
        from newest
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,
            nullif(parent, '') as parent_id,
            nullif(nullif(uf_head, ''), '0') as head_user_id,

            -- strings
            name as department_name,

            -- booleans
            not is_gone as is_active
        from unpacked
    )

select *
from renamed
