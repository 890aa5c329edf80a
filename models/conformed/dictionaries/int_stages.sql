-- A table: it looks through the whole history for stages that no dictionary holds any
-- more.
{{ config(materialized="table") }}
with
    dictionary as ({{ union_of_crms("stages") }}),
    sightings as ({{ union_of_crms("stage_sightings") }}),
    -- Where sightings disagree on the kind, a closed one says more than an open one.
    unknown_to_dictionary as (
        select
            sightings.stage_key,
            sightings.pipeline_key,
            sightings.connection,
            sightings.record_type,
            sightings.native_id,
            case
                max(
                    case
                        sightings.stage_kind when 'won' then 2 when 'lost' then 1 else 0
                    end
                )
                when 2
                then 'won'
                when 1
                then 'lost'
                else 'open'
            end as stage_kind
        from sightings
        left join dictionary on sightings.stage_key = dictionary.stage_key
        where dictionary.stage_key is null
        group by
            sightings.stage_key,
            sightings.pipeline_key,
            sightings.connection,
            sightings.record_type,
            sightings.native_id
    ),
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
            is_active,
            inactive_since_at
        from dictionary
        union all
        select
            stage_key,
            pipeline_key,
            connection,
            record_type,
            native_id,
            native_id as stage_name,
            stage_kind,
            cast(null as bigint) as sort_order,
            cast(null as bigint) as position,
            cast(null as decimal(9, 6)) as probability,
            false as is_active,
            cast(null as timestamp) as inactive_since_at
        from unknown_to_dictionary
    )

select *
from stages
