with
    versions as (
        select
            connection,
            'deal' as record_type,
            native_id,
            pipeline_id,
            stage_id,
            modified_at,
            moved_at,
            captured_at
        from {{ ref("stg_bitrix24__deal_versions") }}
        union all
        select
            connection,
            'lead' as record_type,
            native_id,
            'main' as pipeline_id,
            stage_id,
            modified_at,
            moved_at,
            captured_at
        from {{ ref("stg_bitrix24__lead_versions") }}
    ),
    captures_in_shared_shape as (
        select
            {{ record_key_of("native_id") }} as record_key,
            connection,
            record_type,
            {{ record_key_of("pipeline_id") }} as pipeline_key,
            {{ record_key_of("pipeline_id") }} || ':' || stage_id as stage_key,
            modified_at,
            moved_at,
            captured_at,
            {{ microseconds("captured_at") }} as capture_order
        from versions
        where pipeline_id is not null and stage_id is not null
    )

select *
from captures_in_shared_shape
