{% macro unpack(payload, fields) -%}
    {{- adapter.dispatch("unpack", "dealhouse")(payload, fields) -}}
{%- endmacro %}

{# One column per field, as text whatever its JSON type; casts come in the next step. #}
{% macro default__unpack(payload, fields) -%}
    {%- set shape = [] -%}
    {%- for field in fields -%}
        {%- do shape.append('"' ~ field ~ '":"VARCHAR"') -%}
    {%- endfor -%}
    unnest(from_json({{ payload }}, '{{ "{" ~ shape | join(",") ~ "}" }}'))
{%- endmacro %}

{% macro spark__unpack(payload, fields) -%}
    inline(array(from_json({{ payload }}, '{{ fields | join(" string, ") }} string')))
{%- endmacro %}
