{# One row per part of a delimited text: columns position (from 1) and element. #}
{% macro text_parts(text, delimiter) -%}
    {{- adapter.dispatch("text_parts", "dealhouse")(text, delimiter) -}}
{%- endmacro %}

{% macro default__text_parts(text, delimiter) -%}
    generate_subscripts(string_split({{ text }}, {{ delimiter }}), 1) as position,
    unnest(string_split({{ text }}, {{ delimiter }})) as element
{%- endmacro %}

{% macro spark__text_parts(text, delimiter) -%}
    inline(
        transform(
            split({{ text }}, concat('\\Q', {{ delimiter }}, '\\E')),
            (element, place) -> struct(place + 1 as position, element as element)
        )
    )
{%- endmacro %}
