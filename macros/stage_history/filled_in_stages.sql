{# The open stages that a unit (a record, or a path of several) counts as having reached without having been there:
   those up to the furthest one it visited in a pipeline, all of them where it was won. `visited` holds a row per unit
   and visited stage of the units that are not lost. A stage that is gone is filled in for nobody. #}
{% macro filled_in_stages(visited, unit_key) -%}
    select pipelines_visited.{{ unit_key }}, stages.pipeline_key, stages.stage_key
    from
        (
            select
                {{ unit_key }},
                pipeline_key,
                max(
                    case when stage_kind = 'open' then position end
                ) as furthest_position,
                max(case when stage_kind = 'won' then 1 else 0 end) as won_count
            from {{ visited }}
            group by {{ unit_key }}, pipeline_key
        ) as pipelines_visited
    inner join
        {{ ref("int_stages") }} as stages
        on pipelines_visited.pipeline_key = stages.pipeline_key
        and (
            stages.position <= pipelines_visited.furthest_position
            or pipelines_visited.won_count = 1
        )
    left join
        {{ visited }} as visited_stages
        on pipelines_visited.{{ unit_key }} = visited_stages.{{ unit_key }}
        and stages.stage_key = visited_stages.stage_key
    where
        stages.stage_kind = 'open'
        and stages.is_active
        and visited_stages.stage_key is null
{%- endmacro %}
