{# What entering a stage from another means; the first case that holds. #}
{% macro stage_move(visit, from_stage, to_stage) -%}
    case
        when {{ visit }}.visit_number = 1
        then 'created'
        when {{ to_stage }}.stage_kind = 'won' and {{ from_stage }}.stage_kind <> 'won'
        then 'won'
        when
            {{ to_stage }}.stage_kind = 'lost' and {{ from_stage }}.stage_kind <> 'lost'
        then 'lost'
        when {{ to_stage }}.stage_kind <> 'open'
        then 'closed_again'
        when {{ from_stage }}.stage_kind <> 'open'
        then 'reopened'
        when {{ visit }}.pipeline_key <> {{ visit }}.from_pipeline_key
        then 'pipeline_change'
        when {{ to_stage }}.position < {{ from_stage }}.position
        then 'backward'
        when {{ to_stage }}.position > {{ from_stage }}.position + 1
        then 'skipped_forward'
        when {{ to_stage }}.position = {{ from_stage }}.position + 1
        then 'forward'
        else 'sideways'
    end
{%- endmacro %}
