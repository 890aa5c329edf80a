with
    reached_stages as (
        select
            record_key,
            pipeline_key,
            stage_key,
            cast(1 as bigint) as reached_count,
            passed_on_count,
            last_open_count,
            first_entered_at,
            last_entered_at,
            completed_visits,
            total_seconds_in_stage
        from {{ ref("int_visited_stages") }}
        union all
        select
            record_key,
            pipeline_key,
            stage_key,
            cast(0 as bigint) as reached_count,
            cast(0 as bigint) as passed_on_count,
            cast(0 as bigint) as last_open_count,
            cast(null as timestamp) as first_entered_at,
            cast(null as timestamp) as last_entered_at,
            cast(0 as bigint) as completed_visits,
            cast(0 as bigint) as total_seconds_in_stage
        from {{ ref("int_filled_in_stages") }}
    )

select *
from reached_stages
