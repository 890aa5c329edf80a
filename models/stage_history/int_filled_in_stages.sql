with
    visited_stages as (select * from {{ ref("int_visited_stages") }}),
    pipelines_visited as (
        select
            visited_stages.record_key,
            visited_stages.pipeline_key,
            max(
                case
                    when visited_stages.stage_kind = 'open' then visited_stages.position
                end
            ) as furthest_position,
            max(
                case when visited_stages.stage_kind = 'won' then 1 else 0 end
            ) as won_count
        from visited_stages
        inner join
            {{ ref("int_record_outcomes") }} as outcomes
            on visited_stages.record_key = outcomes.record_key
            and outcomes.status <> 'lost'
        group by visited_stages.record_key, visited_stages.pipeline_key
    ),
    -- A stage that is gone is reached by who was in it, and filled in for nobody.
    stages as (
        select * from {{ ref("int_stages") }} where stage_kind = 'open' and is_active
    ),
    filled_in_stages as (
        select
            pipelines_visited.record_key,
            pipelines_visited.pipeline_key,
            stages.stage_key
        from pipelines_visited
        inner join
            stages
            on pipelines_visited.pipeline_key = stages.pipeline_key
            and (
                stages.position <= pipelines_visited.furthest_position
                or pipelines_visited.won_count = 1
            )
        left join
            visited_stages
            on pipelines_visited.record_key = visited_stages.record_key
            and stages.stage_key = visited_stages.stage_key
        where visited_stages.stage_key is null
    )

select *
from filled_in_stages
