{# The wide view of one kind of record of one connection. #}
{% macro custom_field_view(view_name, fields) -%}
    create or replace view serving.custom_fields.{{ adapter.quote(view_name) }} as
    select
        record_key,
    {% for field in fields -%}
        {{ custom_field_column(field) }}, {% endfor %}
    from {{ this }}
    where
        connection = '{{ fields[0].connection }}'
        and record_type = '{{ fields[0].record_type }}'
    group by record_key
{%- endmacro %}

{# One field as a column; several values are one text. #}
{% macro custom_field_column(field) -%}
    {%- set columns = {
        "number": "value_number",
        "money": "value_number",
        "date": "value_date",
        "datetime": "value_at",
        "boolean": "value_boolean",
    } -%}
    {%- if field.field_type == "multiple" -%}
        string_agg(value_label, ', ' order by position)
    {%- else -%} max({{ columns.get(field.field_type, "value_label") }})
    {%- endif %} filter (where field_code = {{ text_literal(field.field_code) }})
    as {{ adapter.quote(field.field_code) }}
{%- endmacro %}
