{# Bitrix24 numbers the kinds of records; null for those that nobody sells through. #}
{% macro bitrix24_record_type(entity_type_id) -%}
    case
        {{ entity_type_id }}
        when '1'
        then 'lead'
        when '2'
        then 'deal'
        when '3'
        then 'contact'
        when '4'
        then 'company'
    end
{%- endmacro %}
