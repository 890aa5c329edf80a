{# Every entity has its view, typed and empty while nothing has landed. #}
{% macro lake_view(source) -%}
    {% set files = lake_files(source.schema ~ "/" ~ source.name, "*.parquet") %}
    {% set is_landed = has_files(files) %}
    create or replace view {{ source.schema }}.{{ source.name }} as
    select
    {% for column in source.columns.values() -%}
        {{ column.name if is_landed else "null" }}::{{ column.data_type }} as {{ column.name }},
    {% endfor %}
    {% if is_landed -%}
        from read_parquet('{{ files }}', union_by_name = true)
        {% if "_dlt_load_id" in source.columns -%}
            where
                (connection, _dlt_load_id) in (
                    select (connection, load_id) from {{ source.schema }}.committed_loads
                )
        {%- endif %}
    {%- else -%} where false
    {%- endif %}
{%- endmacro %}
