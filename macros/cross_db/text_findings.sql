{# One row per part of a text that fits a regular expression, from left to right: columns position and element. #}
{% macro text_findings(text, pattern) -%}
    {{- adapter.dispatch("text_findings", "dealhouse")(text, pattern) -}}
{%- endmacro %}

{% macro default__text_findings(text, pattern) -%}
    {%- set literal = pattern | replace("'", "''") -%}
    {%- set found = "regexp_extract_all(" ~ text ~ ", '" ~ literal ~ "')" -%}
    generate_subscripts({{ found }}, 1) as position,
    unnest({{ found }}) as element
{%- endmacro %}

{# A backslash escapes in Spark's literals. #}
{% macro spark__text_findings(text, pattern) -%}
    {%- set literal = pattern | replace("\\", "\\\\") | replace("'", "\\'") -%}
    inline(
        transform(
            regexp_extract_all({{ text }}, '{{ literal }}', 0),
            (element, place) -> struct(place + 1 as position, element as element)
        )
    )
{%- endmacro %}
