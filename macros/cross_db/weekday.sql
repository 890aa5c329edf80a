{# 1 for Monday to 7 for Sunday. #}
{% macro weekday(day) -%}
    {{- adapter.dispatch("weekday", "dealhouse")(day) -}}
{%- endmacro %}

{% macro default__weekday(day) -%} isodow({{ day }}) {%- endmacro %}

{% macro spark__weekday(day) -%} extract(dayofweek_iso from {{ day }}) {%- endmacro %}

{# The day a number of days before another. #}
{% macro day_before(day, days) -%}
    {{- adapter.dispatch("day_before", "dealhouse")(day, days) -}}
{%- endmacro %}

{% macro default__day_before(day, days) -%}
    {{ day }} - cast({{ days }} as integer)
{%- endmacro %}

{% macro spark__day_before(day, days) -%}
    date_sub({{ day }}, cast({{ days }} as int))
{%- endmacro %}
