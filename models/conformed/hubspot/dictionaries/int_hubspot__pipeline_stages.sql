with
    connections as (select * from {{ ref("int_connections") }}),
    -- A company's own word on its lead stages comes first, then what the CRM tells.
    versions as (
        select
            versions.*,
            case
                versions.object_type when 'leads' then 'lead' else 'deal'
            end as record_type,
            case
                when stage_kinds.stage_kind is not null
                then stage_kinds.stage_kind
                when versions.lead_state in ('QUALIFIED', 'WON')
                then 'won'
                when versions.lead_state in ('UNQUALIFIED', 'DISQUALIFIED', 'LOST')
                then 'lost'
                when not versions.is_closed
                then 'open'
                when versions.probability = 1
                then 'won'
                when versions.is_closed or versions.probability = 0
                then 'lost'
                else 'open'
            end as stage_kind
        from {{ ref("stg_hubspot__pipeline_stage_versions") }} as versions
        left join connections on versions.connection = connections.connection
        left join
            {{ ref("lead_stage_kinds") }} as stage_kinds
            on stage_kinds.crm = 'hubspot'
            and stage_kinds.leads_from = 'leads'
            and versions.object_type = 'leads'
            and versions.stage_id = stage_kinds.stage_id
        where versions.object_type <> 'leads' or connections.leads_from = 'leads'
    ),
    -- A pipeline object holds all its stages, so that one version of it gives their
    -- places.
    ranked as (
        select
            *,
            row_number() over (
                partition by connection, pipeline_native_id, load_id, captured_at
                order by
                    is_archived,
                    stage_kind <> 'open',
                    sort_order nulls last,
                    try_cast(stage_id as bigint) nulls last,
                    stage_id
            ) as place,
            count(case when stage_kind = 'open' and not is_archived then 1 end) over (
                partition by connection, pipeline_native_id, load_id, captured_at
            ) as open_count,
            row_number() over (
                partition by connection, pipeline_native_id, stage_id
                order by is_archived, captured_at desc, load_id desc
            ) as version_rank,
            row_number() over (
                partition by connection, pipeline_native_id, stage_id
                order by captured_at desc, load_id desc
            ) as sighting_rank,
            max(captured_at) over (
                partition by connection, pipeline_native_id
            ) as pipeline_captured_at
        from versions
    ),
    -- The last version that showed the stage at all tells whether it still exists.
    sightings as (
        select
            connection,
            pipeline_native_id,
            stage_id,
            is_archived or captured_at < pipeline_captured_at as is_gone,
            case
                when is_archived then captured_at else pipeline_captured_at
            end as inactive_since_at
        from ranked
        where sighting_rank = 1
    ),
    pipelines as (select * from {{ ref("stg_hubspot__pipelines") }}),
    stages_in_shared_shape as (
        select
            {{ record_key_of("ranked.pipeline_id", "ranked") }}
            || ':'
            || ranked.stage_id as stage_key,
            {{ record_key_of("ranked.pipeline_id", "ranked") }} as pipeline_key,
            ranked.connection,
            ranked.record_type,
            ranked.stage_id as native_id,
            ranked.stage_name,
            ranked.stage_kind,
            ranked.sort_order,
            {{
                stage_position(
                    "ranked.stage_kind", "ranked.place", "ranked.open_count"
                )
            }} as position,
            ranked.probability,
            pipelines.is_active and not sightings.is_gone as is_active,
            case
                when sightings.is_gone
                then sightings.inactive_since_at
                else pipelines.inactive_since_at
            end as inactive_since_at
        from ranked
        inner join
            sightings
            on ranked.connection = sightings.connection
            and ranked.pipeline_native_id = sightings.pipeline_native_id
            and ranked.stage_id = sightings.stage_id
        inner join
            pipelines
            on ranked.connection = pipelines.connection
            and ranked.pipeline_native_id = pipelines.native_id
        where ranked.version_rank = 1
    )

select *
from stages_in_shared_shape
