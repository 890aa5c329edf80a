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
        {% if "_dlt_load_id" in source.columns -%}
            from read_parquet('{{ files }}', union_by_name = true)
            where
                (connection, _dlt_load_id) in (
                    select (connection, load_id) from {{ source.schema }}.committed_loads
                )
                and {{ file_counts(source.schema) }}
        {%- else -%}
            -- Our own tables gain columns: files of an earlier version lack them.
            from
                (
                    select
            {% for column in source.columns.values() -%}
                            null::{{ column.data_type }} as {{ column.name }},
            {% endfor %}
                    where false
                    union all by name
                    select *
                    from read_parquet('{{ files }}', union_by_name = true)
                    where {{ file_counts(source.schema) }}
                ) as files
        {%- endif %}
    {%- else -%} where false
    {%- endif %}
{%- endmacro %}
