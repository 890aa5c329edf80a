with
    newest as ({{ newest_versions(source("bitrix24", "pipelines")) }}),
    unpacked as (
        select
            connection,
            id as native_id,
            is_gone,
            gone_at,
            {{ unpack("payload", ["id", "name", "sort", "entityTypeId"]) }}
        from newest
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,
            id as pipeline_id,
            entitytypeid as entity_type_id,

            -- strings
            name as pipeline_name,

            -- numerics
            try_cast(sort as bigint) as sort_order,

            -- booleans
            not is_gone as is_active,

            -- timestamps
            gone_at as inactive_since_at
        from unpacked
    )

select *
from renamed
