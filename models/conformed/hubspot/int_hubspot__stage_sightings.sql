with
    deals as (
        select distinct
            {{ stage_key("deal", "pipeline_id", "stage_id") }} as stage_key,
            {{ pipeline_key("deal", "pipeline_id") }} as pipeline_key,
            connection,
            'deal' as record_type,
            stage_id as native_id,
            case
                when is_closed_won
                then 'won'
                when is_closed_lost
                then 'lost'
                else 'open'
            end as stage_kind
        from {{ ref("stg_hubspot__deals") }}
        where pipeline_id is not null and stage_id is not null
    ),
    versions as (
        select distinct
            {{ stage_key("deal", "pipeline_id", "stage_id") }} as stage_key,
            {{ pipeline_key("deal", "pipeline_id") }} as pipeline_key,
            connection,
            'deal' as record_type,
            stage_id as native_id,
            'open' as stage_kind
        from {{ ref("stg_hubspot__deal_versions") }}
        where pipeline_id is not null and stage_id is not null
    ),
    -- History tells no kind: open, unless a deal that stands there says more.
    history as (
        select distinct
            stage_key,
            pipeline_key,
            connection,
            record_type,
            substr(stage_key, length(pipeline_key) + 2) as native_id,
            'open' as stage_kind
        from {{ ref("int_hubspot__stage_events") }}
    ),
    sightings as (
        select *
        from deals
        union
        select *
        from versions
        union
        select *
        from history
    )

select *
from sightings
