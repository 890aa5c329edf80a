{# new: of the last run, and nothing that was there before the rule was. #}
{% macro issue_status(issues, mutes, connections) -%}
    case
        when {{ issues }}.is_resolved
        then 'resolved'
        when {{ mutes }}.issue_key is not null
        then 'muted'
        when {{ issues }}.reopened_count > 0
        then 'reopened'
        when
            {{ issues }}.run_id = {{ connections }}.run_id
            and not {{ issues }}.is_baseline
        then 'new'
        else 'open'
    end
{%- endmacro %}
