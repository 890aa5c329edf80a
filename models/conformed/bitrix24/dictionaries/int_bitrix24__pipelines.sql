with
    pipelines as (
        select * from {{ ref("stg_bitrix24__pipelines") }} where entity_type_id = '2'
    ),
    -- Leads have statuses and no pipelines: all of them stand in one.
    connections_with_leads as (
        select distinct connection
        from {{ ref("stg_bitrix24__status_versions") }}
        where substr(native_id, 1, 7) = 'STATUS:'
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
        union all
        select
            {{ pipeline_key("lead", "'main'") }} as pipeline_key,
            connection,
            'lead' as record_type,
            'main' as native_id,
            'Leads' as pipeline_name,
            cast(0 as bigint) as sort_order,
            true as is_active,
            cast(null as timestamp) as inactive_since_at
        from connections_with_leads
    )

select *
from pipelines_in_shared_shape
