{# Bitrix24 writes Y and N, some of its methods and portals true and false, or 1 and 0. Null where it says
   nothing. #}
{% macro bitrix24_flag(column) -%}
    case
        when lower({{ column }}) in ('y', 'true', '1')
        then true
        when lower({{ column }}) in ('n', 'false', '0')
        then false
    end
{%- endmacro %}
