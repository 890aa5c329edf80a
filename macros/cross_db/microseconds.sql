{# Microseconds since 1970, to order by. #}
{% macro microseconds(utc) -%}
    {{- adapter.dispatch("microseconds", "dealhouse")(utc) -}}
{%- endmacro %}

{% macro default__microseconds(utc) -%} epoch_us({{ utc }}) {%- endmacro %}

{% macro spark__microseconds(utc) -%} unix_micros({{ utc }}) {%- endmacro %}
