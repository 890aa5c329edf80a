{# HubSpot names types in the plural. #}
{% macro hubspot_record_type(object_type) -%}
    case
        {{ object_type }}
        when 'companies'
        then 'company'
        else substr({{ object_type }}, 1, length({{ object_type }}) - 1)
    end
{%- endmacro %}
