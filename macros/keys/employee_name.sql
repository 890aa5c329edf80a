{# What an employee is called: both names, else what there is. #}
{% macro employee_name(first_name, last_name) -%}
    coalesce(
        {{ first_name }} || ' ' || {{ last_name }},
        {{ first_name }},
        {{ last_name }},
        email,
        native_id
    )
{%- endmacro %}
