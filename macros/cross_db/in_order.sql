{# Several columns as one value that compares like their list; for max_by and min_by. #}
{% macro in_order(columns) -%}
    {{- adapter.dispatch("in_order", "dealhouse")(columns) -}}
{%- endmacro %}

{% macro default__in_order(columns) -%} row({{ columns | join(", ") }}) {%- endmacro %}

{% macro spark__in_order(columns) -%} struct({{ columns | join(", ") }}) {%- endmacro %}
