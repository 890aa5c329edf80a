with
    newest as ({{ newest_versions(source("bitrix24", "departments")) }}),
    unpacked as (
        select
            connection,
            id as native_id,
            is_gone,
            {{ unpack("payload", ["NAME", "PARENT", "UF_HEAD", "SORT"]) }}
        from newest
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,
            nullif(nullif(parent, ''), '0') as parent_id,
            nullif(nullif(uf_head, ''), '0') as head_user_id,

            -- strings
            name as department_name,

            -- numerics
            try_cast(sort as bigint) as sort_order,

            -- booleans
            not is_gone as is_active
        from unpacked
    )

select *
from renamed
