{# One wide view per connection and kind of record: a column per field, named by its code. #}
{% macro create_custom_field_views() -%}
    {% if execute %}
        {{ return(adapter.dispatch("create_custom_field_views", "dealhouse")()) }}
    {% endif %}
{%- endmacro %}

{# On Spark the bridge is joined as it is. #}
{% macro default__create_custom_field_views() %}{% endmacro %}

{% macro duckdb__create_custom_field_views() -%}
    {% do run_query("create schema if not exists serving.custom_fields") %}
    {% set fields = run_query(custom_fields_in_use()).rows %}
    {% for view in fields | groupby("view_name") %}
        {% do run_query(custom_field_view(view.grouper, view.list)) %}
    {% endfor %}
{%- endmacro %}

{% macro custom_fields_in_use() -%}
    select
        connection || '_' || record_type || 's' as view_name,
        connection,
        record_type,
        field_code,
        field_type,
        is_multiple
    from {{ ref("dim_custom_fields") }}
    order by view_name, field_code
{%- endmacro %}

{% macro custom_field_view(view_name, fields) -%}
    create or replace view serving.custom_fields."{{ view_name }}" as
    select record_key,
    {% for field in fields -%}
        {{ custom_field_column(field) }},
    {% endfor %}
    from {{ this }}
    where
        connection = '{{ fields[0].connection }}'
        and record_type = '{{ fields[0].record_type }}'
    group by record_key
{%- endmacro %}

{% macro custom_field_column(field) -%}
    {%- set columns = {
        "number": "value_number", "date": "value_date", "datetime": "value_at", "boolean": "value_boolean"
    } -%}
    {%- set code = field.field_code | replace("'", "''") -%}
    {%- if field.is_multiple -%}
        string_agg(value_label, ', ' order by position)
    {%- else -%} max({{ columns.get(field.field_type, "value_label") }})
    {%- endif %}
    filter (where field_code = '{{ code }}') as "{{ field.field_code | replace('"', '""') }}"
{%- endmacro %}
