{# Bitrix24 writes S and F, nothing or P for the rest, on stages, records and history rows alike. #}
{% macro bitrix24_stage_kind(semantics) -%}
    case {{ semantics }} when 'S' then 'won' when 'F' then 'lost' else 'open' end
{%- endmacro %}
