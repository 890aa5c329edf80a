with
    pipelines as (
        select * from {{ ref("stg_bitrix24__pipelines") }} where entity_type_id = '2'
    ),
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
        from pipelines
    )

select *
from pipelines_in_shared_shape
