{# Readers get the marts and these: what else there is of data quality stays in the working database. #}
{% macro served_database() -%}
    {{ return("serving" if target.type == "duckdb" else none) }}
{%- endmacro %}
