with
    deals as (
        select distinct connection, pipeline_id, stage_id, stage_semantics
        from {{ ref("stg_bitrix24__deals") }}
        where stage_id is not null
    ),
    history as (
        select distinct connection, pipeline_id, stage_id, stage_semantics
        from {{ ref("stg_bitrix24__deal_stage_history") }}
        where stage_id is not null
    ),
    versions as (
        select distinct
            connection, pipeline_id, stage_id, cast(null as varchar) as stage_semantics
        from {{ ref("stg_bitrix24__deal_versions") }}
        where stage_id is not null
    ),
    sightings as (
        select *
        from deals
        union all
        select *
        from history
        union all
        select *
        from versions
    ),
    sightings_in_shared_shape as (
        select distinct
            {{ stage_key("deal", "pipeline_id", "stage_id") }} as stage_key,
            {{ pipeline_key("deal", "pipeline_id") }} as pipeline_key,
            connection,
            'deal' as record_type,
            stage_id as native_id,
            {{ bitrix24_stage_kind("stage_semantics") }} as stage_kind
        from sightings
    )

select *
from sightings_in_shared_shape
