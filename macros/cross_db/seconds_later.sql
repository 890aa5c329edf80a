{# A number of seconds after a moment. #}
{% macro seconds_later(utc, seconds) -%}
    {{- adapter.dispatch("seconds_later", "dealhouse")(utc, seconds) -}}
{%- endmacro %}

{% macro default__seconds_later(utc, seconds) -%}
    {{ utc }} + to_seconds({{ seconds }})
{%- endmacro %}

{% macro spark__seconds_later(utc, seconds) -%}
    timestampadd(second, {{ seconds }}, {{ utc }})
{%- endmacro %}
