with
    sightings as (
        select connection, 'deal' as record_type, pipeline_id, stage_id, stage_semantics
        from {{ ref("stg_bitrix24__deals") }}
        union
        select connection, 'deal' as record_type, pipeline_id, stage_id, stage_semantics
        from {{ ref("stg_bitrix24__deal_stage_history") }}
        union
        select
            connection,
            'deal' as record_type,
            pipeline_id,
            stage_id,
            cast(null as varchar) as stage_semantics
        from {{ ref("stg_bitrix24__deal_versions") }}
        union
        select
            connection,
            'lead' as record_type,
            'main' as pipeline_id,
            stage_id,
            stage_semantics
        from {{ ref("stg_bitrix24__leads") }}
        union
        select
            connection,
            'lead' as record_type,
            'main' as pipeline_id,
            stage_id,
            stage_semantics
        from {{ ref("stg_bitrix24__lead_stage_history") }}
        union
        select
            connection,
            'lead' as record_type,
            'main' as pipeline_id,
            stage_id,
            cast(null as varchar) as stage_semantics
        from {{ ref("stg_bitrix24__lead_versions") }}
    ),
    sightings_in_shared_shape as (
        select distinct
            {{ record_key_of("pipeline_id") }} || ':' || stage_id as stage_key,
            {{ record_key_of("pipeline_id") }} as pipeline_key,
            connection,
            record_type,
            stage_id as native_id,
            {{ bitrix24_stage_kind("stage_semantics") }} as stage_kind
        from sightings
        where stage_id is not null
    )

select *
from sightings_in_shared_shape
