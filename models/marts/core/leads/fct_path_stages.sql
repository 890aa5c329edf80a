with
    paths as (select * from {{ ref("fct_paths") }}),
    path_stages as (select * from {{ ref("int_path_stages") }}),
    stages as (select * from {{ ref("dim_stages") }}),
    pipelines as (select * from {{ ref("dim_pipelines") }}),
    lead_positions as (
        select connection, max(position) as last_position
        from stages
        where record_type = 'lead'
        group by connection
    ),
    path_stages_described as (
        select
            paths.path_key || '>' || path_stages.stage_key as path_stage_key,
            paths.path_key,
            paths.record_key,
            {{ path_columns("paths") }},
            pipelines.pipeline_name,
            stages.stage_name,
            stages.stage_kind,
            stages.position as stage_position,
            case
                when stages.record_type = 'lead'
                then stages.position
                else stages.position + coalesce(lead_positions.last_position, 0)
            end as path_position,
            path_stages.pipeline_key,
            path_stages.stage_key,
            cast(1 as bigint) as reached_with_conversion_count,
            path_stages.reached_count,
            path_stages.passed_on_count,
            path_stages.current_count,
            path_stages.lost_from_here_count,
            path_stages.reached_amount,
            path_stages.current_amount,
            path_stages.completed_visits,
            path_stages.total_seconds_in_stage
        from path_stages
        inner join paths on path_stages.path_key = paths.path_key
        inner join stages on path_stages.stage_key = stages.stage_key
        inner join pipelines on path_stages.pipeline_key = pipelines.pipeline_key
        left join lead_positions on paths.connection = lead_positions.connection
    )

select *
from path_stages_described
