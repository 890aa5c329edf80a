{# The day that a UTC timestamp falls on in a zone. #}
{% macro local_date(utc, zone) -%}
    {{- adapter.dispatch("local_date", "dealhouse")(utc, zone) -}}
{%- endmacro %}

{% macro default__local_date(utc, zone) -%}
    cast(({{ utc }} at time zone 'UTC') at time zone {{ zone }} as date)
{%- endmacro %}

{% macro spark__local_date(utc, zone) -%}
    cast(from_utc_timestamp({{ utc }}, {{ zone }}) as date)
{%- endmacro %}
