with
    newest as ({{ newest_versions(source("bitrix24", "users")) }}),
    unpacked as (
        select
            connection,
            id as native_id,
            is_gone,
            {{
                unpack(
                    "payload",
                    ["NAME", "LAST_NAME", "EMAIL", "ACTIVE", "UF_DEPARTMENT"],
                )
            }}
        from newest
    ),
    -- Departments are told as numbers of an array; the first one is the primary.
    departments as (
        select connection, native_id, {{ json_elements("uf_department") }}
        from unpacked
        where substr(uf_department, 1, 1) = '['
    ),
    renamed as (
        select
            -- ids
            unpacked.connection,
            unpacked.native_id,
            departments.element as department_id,

            -- strings
            nullif(trim(name), '') as first_name,
            nullif(trim(last_name), '') as last_name,
            nullif(trim(email), '') as email,

            -- booleans; ACTIVE is a JSON boolean here and nowhere else in this API
            lower(active) in ('true', 'y', '1') and not is_gone as is_active
        from unpacked
        left join
            departments
            on unpacked.connection = departments.connection
            and unpacked.native_id = departments.native_id
            and departments.position = 1
    )

select *
from renamed
