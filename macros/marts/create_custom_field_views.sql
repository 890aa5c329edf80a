{# One wide view per connection and kind of record: a column per field, named by its code. #}
{% macro create_custom_field_views() -%}
    {% if execute %}
        {{ return(adapter.dispatch("create_custom_field_views", "dealhouse")()) }}
    {% endif %}
{%- endmacro %}

{# On Spark the bridge is joined as it is. #}
{% macro default__create_custom_field_views() %} {% endmacro %}

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
        case when is_multiple then 'multiple' else field_type end as field_type
    from {{ ref("dim_custom_fields") }}
    order by view_name, field_code
{%- endmacro %}
