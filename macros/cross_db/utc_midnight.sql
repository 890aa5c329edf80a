{# The UTC timestamp at which a day begins in a zone. #}
{% macro utc_midnight(day, zone) -%}
    {{- adapter.dispatch("utc_midnight", "dealhouse")(day, zone) -}}
{%- endmacro %}

{% macro default__utc_midnight(day, zone) -%}
    (cast({{ day }} as timestamp) at time zone {{ zone }}) at time zone 'UTC'
{%- endmacro %}

{% macro spark__utc_midnight(day, zone) -%}
    to_utc_timestamp(cast({{ day }} as timestamp), {{ zone }})
{%- endmacro %}
