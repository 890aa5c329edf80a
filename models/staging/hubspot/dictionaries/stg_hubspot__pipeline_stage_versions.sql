-- Every version, because a deleted stage keeps its place in the last pipeline object
-- that it was in.
with
    captures as (
        select distinct
            connection,
            id as native_id,
            extracted_at as captured_at,
            _dlt_load_id as load_id,
            payload
        from {{ source("hubspot", "pipelines") }}
        where not is_deleted
    ),
    pipelines as (
        select
            connection,
            native_id,
            captured_at,
            load_id,
            {{ unpack("payload", ["id", "stages"]) }}
        from captures
    ),
    elements as (
        select
            connection,
            native_id,
            captured_at,
            load_id,
            id as pipeline_id,
            {{ json_elements("stages") }}
        from pipelines
    ),
    stages as (
        select
            connection,
            native_id,
            captured_at,
            load_id,
            pipeline_id,
            {{
                unpack(
                    "element", ["id", "label", "displayOrder", "archived", "metadata"]
                )
            }}
        from elements
    ),
    unpacked as (
        select
            stages.*, {{ unpack("metadata", ["isClosed", "probability", "leadState"]) }}
        from stages
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id as pipeline_native_id,
            load_id,
            pipeline_id,
            id as stage_id,

            -- strings
            split_part(native_id, ':', 1) as object_type,
            label as stage_name,
            nullif(upper(leadstate), '') as lead_state,

            -- numerics
            try_cast(displayorder as bigint) as sort_order,
            try_cast(probability as decimal(9, 6)) as probability,

            -- booleans
            lower(isclosed) = 'true' as is_closed,
            coalesce(archived, 'false') = 'true' as is_archived,

            -- timestamps
            captured_at
        from unpacked
    )

select *
from renamed
