{# A text with every part that fits a regular expression replaced. #}
{% macro text_replaced(text, pattern, replacement) -%}
    {{- adapter.dispatch("text_replaced", "dealhouse")(text, pattern, replacement) -}}
{%- endmacro %}

{% macro default__text_replaced(text, pattern, replacement) -%}
    {%- set literal = pattern | replace("'", "''") -%}
    regexp_replace({{ text }}, '{{ literal }}', '{{ replacement }}', 'g')
{%- endmacro %}

{# A backslash escapes in Spark's literals. #}
{% macro spark__text_replaced(text, pattern, replacement) -%}
    {%- set literal = pattern | replace("\\", "\\\\") | replace("'", "\\'") -%}
    regexp_replace({{ text }}, '{{ literal }}', '{{ replacement }}')
{%- endmacro %}
