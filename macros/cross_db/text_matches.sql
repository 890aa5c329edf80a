{# Whether a part of a text fits a regular expression that RE2 and Java read alike. #}
{% macro text_matches(text, pattern) -%}
    {{- adapter.dispatch("text_matches", "dealhouse")(text, pattern) -}}
{%- endmacro %}

{% macro default__text_matches(text, pattern) -%}
    {%- set literal = pattern | replace("'", "''") -%}
    regexp_matches({{ text }}, '{{ literal }}')
{%- endmacro %}

{# Java calls scripts otherwise, and a backslash escapes in Spark's literals. #}
{% macro spark__text_matches(text, pattern) -%}
    {%- set scripts = namespace(pattern=pattern) -%}
    {%- for script in ["Cyrillic", "Greek", "Georgian"] -%}
        {%- set java = scripts.pattern | replace("p{" ~ script, "p{Is" ~ script) -%}
        {%- set scripts.pattern = java -%}
    {%- endfor -%}
    {%- set literal = scripts.pattern | replace("\\", "\\\\") | replace("'", "\\'") -%}
    ({{ text }} rlike '{{ literal }}')
{%- endmacro %}
