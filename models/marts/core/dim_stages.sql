with
    stages as (
        select
            stage_key,
            pipeline_key,
            connection,
            record_type,
            native_id,
            stage_name,
            stage_kind,
            sort_order,
            position,
            probability,
            is_active
        from {{ ref("int_stages") }}
    )

select *
from stages
