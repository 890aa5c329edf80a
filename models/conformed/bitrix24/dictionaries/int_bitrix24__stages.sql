with
    versions as (
        select
            connection,
            case
                when substr(native_id, 1, 7) = 'STATUS:' then 'lead' else 'deal'
            end as record_type,
            case
                when substr(native_id, 1, 7) = 'STATUS:'
                then 'main'
                else coalesce(nullif(substr(dictionary_code, 12), ''), '0')
            end as pipeline_id,
            status_id as stage_id,
            native_id,
            status_name as stage_name,
            {{ bitrix24_stage_kind("semantics") }} as stage_kind,
            sort_order,
            is_deleted,
            captured_at,
            load_id
        from {{ ref("stg_bitrix24__status_versions") }}
        where
            substr(native_id, 1, 11) in ('DEAL_STAGE:', 'DEAL_STAGE_')
            or substr(native_id, 1, 7) = 'STATUS:'
    ),
    -- The tombstone of a stage carries no payload: it is known by its native id.
    last_seen as (
        select
            *,
            row_number() over (
                partition by connection, native_id
                order by is_deleted, captured_at desc, load_id desc
            ) as version_rank,
            first_value(case when is_deleted then captured_at end) over (
                partition by connection, native_id
                order by captured_at desc, load_id desc
            ) as inactive_since_at,
            first_value(case when is_deleted then load_id else '~' end) over (
                partition by connection, native_id
                order by captured_at desc, load_id desc
            ) as gone_load_id
        from versions
    ),
    stages as (select * from last_seen where version_rank = 1 and not is_deleted),
    -- The dictionary as it last held each stage: every stage as of the load before it
    -- went.
    neighbours as (
        select
            stages.connection,
            stages.native_id,
            versions.native_id as neighbour_id,
            versions.is_deleted,
            row_number() over (
                partition by stages.connection, stages.native_id, versions.native_id
                order by versions.captured_at desc, versions.load_id desc
            ) as version_rank,
            versions.stage_kind,
            versions.sort_order,
            versions.stage_id
        from stages
        inner join
            versions
            on stages.connection = versions.connection
            and split_part(stages.native_id, ':', 1)
            = split_part(versions.native_id, ':', 1)
            and versions.load_id < stages.gone_load_id
    ),
    ranked as (
        select
            *,
            row_number() over (
                partition by connection, native_id
                order by
                    sort_order nulls last,
                    try_cast(stage_id as bigint) nulls last,
                    stage_id
            ) as place,
            count(*) over (partition by connection, native_id) as open_count
        from neighbours
        where version_rank = 1 and not is_deleted and stage_kind = 'open'
    ),
    places as (
        select
            connection,
            native_id,
            max(open_count) as open_count,
            max(case when neighbour_id = native_id then place end) as place
        from ranked
        group by connection, native_id
    ),
    stages_in_shared_shape as (
        select
            {{ record_key_of("stages.pipeline_id", "stages") }}
            || ':'
            || stages.stage_id as stage_key,
            {{ record_key_of("stages.pipeline_id", "stages") }} as pipeline_key,
            stages.connection,
            stages.record_type,
            stages.stage_id as native_id,
            stages.stage_name,
            stages.stage_kind,
            stages.sort_order,
            {{
                stage_position(
                    "stages.stage_kind", "places.place", "places.open_count"
                )
            }} as position,
            cast(null as decimal(9, 6)) as probability,
            stages.inactive_since_at is null as is_active,
            stages.inactive_since_at
        from stages
        left join
            places
            on stages.connection = places.connection
            and stages.native_id = places.native_id
    )

select *
from stages_in_shared_shape
