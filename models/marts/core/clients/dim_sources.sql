with
    sources as (
        select source_key, connection, native_id, source_name, is_active
        from {{ ref("int_sources") }}
    )

select *
from sources
