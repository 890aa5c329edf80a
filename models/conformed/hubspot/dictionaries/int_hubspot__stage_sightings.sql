with
    -- History tells no kind: that of a stage which no dictionary holds is known from a
    -- deal that stands there, or from the company's own word on lead stages.
    sightings as (
        select
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
        union
        select
            stage_key,
            pipeline_key,
            connection,
            'lead' as record_type,
            substr(stage_key, length(pipeline_key) + 2) as native_id,
            crm_stage_kind as stage_kind
        from {{ ref("int_hubspot__leads") }}
        union
        select
            captures.stage_key,
            captures.pipeline_key,
            captures.connection,
            captures.record_type,
            substr(captures.stage_key, length(captures.pipeline_key) + 2) as native_id,
            'open' as stage_kind
        from {{ ref("int_hubspot__record_captures") }} as captures
        union
        select
            stage_key,
            pipeline_key,
            connection,
            record_type,
            substr(stage_key, length(pipeline_key) + 2) as native_id,
            'open' as stage_kind
        from {{ ref("int_hubspot__stage_events") }}
    ),
    judged as (
        select distinct
            sightings.stage_key,
            sightings.pipeline_key,
            sightings.connection,
            sightings.record_type,
            sightings.native_id,
            coalesce(stage_kinds.stage_kind, sightings.stage_kind) as stage_kind
        from sightings
        left join
            {{ ref("int_connections") }} as connections
            on sightings.connection = connections.connection
        left join
            {{ ref("lead_stage_kinds") }} as stage_kinds
            on stage_kinds.crm = 'hubspot'
            and stage_kinds.leads_from = connections.leads_from
            and sightings.native_id = stage_kinds.stage_id
            and sightings.record_type = 'lead'
        where sightings.stage_key is not null
    )

select *
from judged
