with
    newest as ({{ newest_versions(source("hubspot", "pipelines")) }}),
    unpacked as (
        select
            connection,
            id as native_id,
            is_gone,
            gone_at,
            {{ unpack("payload", ["id", "label", "displayOrder", "archived"]) }}
        from newest
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,
            id as pipeline_id,

            -- strings
            split_part(native_id, ':', 1) as object_type,
            label as pipeline_name,

            -- numerics
            try_cast(displayorder as bigint) as sort_order,

            -- booleans
            not is_gone and coalesce(archived, 'false') <> 'true' as is_active,

            -- timestamps
            gone_at as inactive_since_at
        from unpacked
    )

select *
from renamed
