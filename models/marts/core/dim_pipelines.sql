with
    pipelines as (
        select
            pipeline_key,
            connection,
            record_type,
            native_id,
            pipeline_name,
            sort_order,
            is_active
        from {{ ref("int_pipelines") }}
    )

select *
from pipelines
