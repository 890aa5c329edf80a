{# Money is decimal(28, 6), rounded half up; every product of it comes back through here. #}
{% macro money(expression) -%}
    cast(round({{ expression }}, 6) as decimal(28, 6))
{%- endmacro %}
