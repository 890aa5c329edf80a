{# What a person outside is called: both names, else what there is. #}
{% macro person_name(relation, otherwise=["email", "native_id"]) -%}
    coalesce(
        {{ relation }}.first_name || ' ' || {{ relation }}.last_name,
        {{ relation }}.first_name,
        {{ relation }}.last_name,
        {{ relation }}.{{ otherwise | join(", " ~ relation ~ ".") }}
    )
{%- endmacro %}
