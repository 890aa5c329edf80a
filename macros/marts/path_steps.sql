{# The stages of one kind of record, each under the path that the record is on. #}
{% macro path_steps(record_stages) -%}
    select
        coalesce(paths.path_key, steps.record_key) as path_key,
        steps.record_key,
        steps.record_type,
        steps.stage_key,
        steps.pipeline_key,
        steps.stage_kind,
        steps.first_entered_at,
        steps.last_entered_at,
        steps.last_open_count,
        steps.reached_count,
        steps.reached_with_conversion_count,
        steps.reached_amount,
        steps.passed_on_count,
        steps.current_count,
        steps.current_amount,
        steps.completed_visits,
        steps.total_seconds_in_stage
    from {{ record_stages }} as steps
    left join paths on steps.lead_key = paths.path_key
{%- endmacro %}
