{# The last value that is not null, up to the current row of a window; say `over` after it. #}
{% macro last_known(column) -%}
    {{- adapter.dispatch("last_known", "dealhouse")(column) -}}
{%- endmacro %}

{% macro default__last_known(column) -%}
    last_value({{ column }} ignore nulls)
{%- endmacro %}

{% macro spark__last_known(column) -%} last_value({{ column }}, true) {%- endmacro %}
