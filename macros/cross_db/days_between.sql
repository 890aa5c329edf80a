{# Days from one date to another. #}
{% macro days_between(earlier, later) -%}
    {{- adapter.dispatch("days_between", "dealhouse")(earlier, later) -}}
{%- endmacro %}

{% macro default__days_between(earlier, later) -%}
    cast({{ later }} - {{ earlier }} as bigint)
{%- endmacro %}

{% macro spark__days_between(earlier, later) -%}
    cast(datediff({{ later }}, {{ earlier }}) as bigint)
{%- endmacro %}
