{# What a step of a deal is to the place it leaves, or to the one it reaches. #}
{% macro pipeline_movement(step, is_left) -%}
    case
        when {{ is_left }} and {{ step }}.to_kind = 'none'
        then 'deleted'
        when {{ is_left }} and {{ step }}.to_kind = 'open'
        then 'transferred_out'
        when {{ is_left }}
        then {{ step }}.to_kind
        when {{ step }}.is_in_place
        then 'changed'
        when {{ step }}.from_kind = 'open'
        then 'transferred_in'
        when {{ step }}.from_kind <> 'none'
        then 'reopened'
        when {{ step }}.is_first
        then 'created'
        else 'undeleted'
    end
{%- endmacro %}
