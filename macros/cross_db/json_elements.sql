{# One row per element of a JSON array given as text: columns position (from 1) and element. #}
{% macro json_elements(array_text) -%}
    {{- adapter.dispatch("json_elements", "dealhouse")(array_text) -}}
{%- endmacro %}

{% macro default__json_elements(array_text) -%}
    generate_subscripts(from_json({{ array_text }}, '["VARCHAR"]'), 1) as position,
    unnest(from_json({{ array_text }}, '["VARCHAR"]')) as element
{%- endmacro %}

{% macro spark__json_elements(array_text) -%}
    inline(
        transform(
            from_json({{ array_text }}, 'array<string>'),
            (element, place) -> struct(place + 1 as position, element as element)
        )
    )
{%- endmacro %}
