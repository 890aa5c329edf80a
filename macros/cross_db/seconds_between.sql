{# Whole seconds elapsed, as bigint. #}
{% macro seconds_between(earlier, later) -%}
    {{- adapter.dispatch("seconds_between", "dealhouse")(earlier, later) -}}
{%- endmacro %}

{# Not date_diff, which counts the second marks passed. #}
{% macro default__seconds_between(earlier, later) -%}
    cast(date_sub('second', {{ earlier }}, {{ later }}) as bigint)
{%- endmacro %}

{% macro spark__seconds_between(earlier, later) -%}
    cast(timestampdiff(second, {{ earlier }}, {{ later }}) as bigint)
{%- endmacro %}
