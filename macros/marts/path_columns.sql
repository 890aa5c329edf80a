{# Whose path it is: what is told of the first record. #}
{% macro path_columns(alias) -%}
    {%- for column in [
        "connection",
        "record_type",
        "record_url",
        "title",
        "owner_key",
        "owner_name",
        "department",
        "created_date",
    ] -%}
        {{ alias }}.{{ column }},
    {% endfor -%}
    {{ description_columns(alias) }}
{%- endmacro %}
