{# 1 to n for the open stages of a pipeline in their order, n + 1 for won, none for lost. #}
{% macro stage_position(stage_kind, place, open_count) -%}
    case
        {{ stage_kind }}
        when 'open'
        then {{ place }}
        when 'won'
        then coalesce({{ open_count }}, 0) + 1
    end
{%- endmacro %}
