with
    captures_in_shared_shape as (
        select
            {{ record_key("deal", "native_id") }} as record_key,
            connection,
            'deal' as record_type,
            {{ pipeline_key("deal", "pipeline_id") }} as pipeline_key,
            {{ stage_key("deal", "pipeline_id", "stage_id") }} as stage_key,
            modified_at,
            cast(null as timestamp) as moved_at,
            captured_at,
            {{ microseconds("captured_at") }} as capture_order
        from {{ ref("stg_hubspot__deal_versions") }}
        where pipeline_id is not null and stage_id is not null
    )

select *
from captures_in_shared_shape
