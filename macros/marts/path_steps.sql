{# The stages that records of one kind were in, each under the path that the record is on. #}
{% macro path_steps(record_stages) -%}
    select
        coalesce(paths.path_key, steps.record_key) as path_key,
        steps.record_key,
        steps.record_type,
        steps.stage_key,
        steps.pipeline_key,
        steps.stage_kind,
        steps.stage_position as position,
        steps.first_entered_at,
        steps.last_entered_at,
        steps.last_open_count,
        steps.reached_count,
        steps.reached_amount,
        steps.passed_on_count,
        steps.current_count,
        steps.current_amount,
        steps.completed_visits,
        steps.total_seconds_in_stage
    from {{ record_stages }} as steps
    left join paths on steps.lead_key = paths.path_key
    where steps.reached_count = 1
{%- endmacro %}

{# The stages that a path was never in, with nothing in every measure: name, and in [1] its type. #}
{% macro path_stages_without_visits(relation, measures) -%}
    select
        path_key,
        pipeline_key,
        stage_key
        {%- for name, how in measures.items() %}
            , cast(0 as {{ how[1] }}) as {{ name }}
        {%- endfor %}
    from {{ relation }}
{%- endmacro %}
