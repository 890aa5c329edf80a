-- Every version, because a deleted stage keeps its place in the last dictionary that
-- it was in.
with
    captures as (
        select distinct
            connection,
            id as native_id,
            extracted_at as captured_at,
            is_deleted,
            _dlt_load_id as load_id,
            payload
        from {{ source("bitrix24", "statuses") }}
    ),
    unpacked as (
        select
            captures.*,
            {{
                unpack(
                    "payload", ["ENTITY_ID", "STATUS_ID", "NAME", "SORT", "SEMANTICS"]
                )
            }}
        from captures
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,
            load_id,
            entity_id as dictionary_code,
            status_id as status_id,

            -- strings
            name as status_name,
            nullif(semantics, '') as semantics,

            -- numerics
            try_cast(sort as bigint) as sort_order,

            -- booleans
            is_deleted,

            -- timestamps
            captured_at
        from unpacked
    )

select *
from renamed
