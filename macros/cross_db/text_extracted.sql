{# The first part of a text that fits a regular expression; empty where none does. #}
{% macro text_extracted(text, pattern) -%}
    {{- adapter.dispatch("text_extracted", "dealhouse")(text, pattern) -}}
{%- endmacro %}

{% macro default__text_extracted(text, pattern) -%}
    {%- set literal = pattern | replace("'", "''") -%}
    regexp_extract({{ text }}, '{{ literal }}')
{%- endmacro %}

{# A backslash escapes in Spark's literals. #}
{% macro spark__text_extracted(text, pattern) -%}
    {%- set literal = pattern | replace("\\", "\\\\") | replace("'", "\\'") -%}
    regexp_extract({{ text }}, '{{ literal }}', 0)
{%- endmacro %}
