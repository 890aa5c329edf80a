with
    pipelines_in_shared_shape as (
        select
            {{ pipeline_key("deal", "pipeline_id") }} as pipeline_key,
            connection,
            'deal' as record_type,
            pipeline_id as native_id,
            pipeline_name,
            sort_order,
            is_active,
            inactive_since_at
        from {{ ref("stg_hubspot__pipelines") }}
    )

select *
from pipelines_in_shared_shape
