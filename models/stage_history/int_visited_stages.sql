-- A table: it sorts all stays, and both what was reached and what is filled in start
-- from it.
{{ config(materialized="table") }}
with
    records as (
        select record_key
        from {{ ref("int_staged_records") }}
        where not is_template and not is_deleted
    ),
    stages as (select * from {{ ref("int_stages") }}),
    visits_with_what_follows as (
        select
            visits.record_key,
            visits.pipeline_key,
            visits.stage_key,
            visits.visit_number,
            visits.duration_seconds,
            visits.entered_at,
            stages.stage_kind,
            stages.position,
            max(
                case when stages.stage_kind = 'open' then stages.position end
            ) over later_in_pipeline as furthest_later_position,
            max(
                case when stages.stage_kind = 'won' then 1 else 0 end
            ) over later_in_pipeline as won_later_count,
            min(visits.pipeline_key) over later_anywhere as one_later_pipeline_key,
            max(visits.pipeline_key) over later_anywhere as other_later_pipeline_key,
            max(
                case when stages.stage_kind = 'open' then visits.visit_number end
            ) over (partition by visits.record_key) as last_open_visit_number
        from {{ ref("int_stage_visits") }} as visits
        inner join records on visits.record_key = records.record_key
        inner join stages on visits.stage_key = stages.stage_key
        window
            later_in_pipeline as (
                partition by visits.record_key, visits.pipeline_key
                order by visits.visit_number
                rows between 1 following and unbounded following
            ),
            later_anywhere as (
                partition by visits.record_key
                order by visits.visit_number
                rows between 1 following and unbounded following
            )
    ),
    visits_judged as (
        select
            *,
            case
                when stage_kind <> 'open'
                then 0
                when furthest_later_position > position or won_later_count = 1
                then 1
                when
                    one_later_pipeline_key <> pipeline_key
                    or other_later_pipeline_key <> pipeline_key
                then 1
                else 0
            end as passed_on_count,
            case
                when visit_number = last_open_visit_number then 1 else 0
            end as last_open_count
        from visits_with_what_follows
    ),
    visited_stages as (
        select
            record_key,
            pipeline_key,
            stage_key,
            stage_kind,
            position,
            cast(max(passed_on_count) as bigint) as passed_on_count,
            cast(max(last_open_count) as bigint) as last_open_count,
            min(entered_at) as first_entered_at,
            max(entered_at) as last_entered_at,
            count(duration_seconds) as completed_visits,
            cast(coalesce(sum(duration_seconds), 0) as bigint) as total_seconds_in_stage
        from visits_judged
        group by record_key, pipeline_key, stage_key, stage_kind, position
    )

select *
from visited_stages
