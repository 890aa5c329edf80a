{# A table, so that one run sees the same loads from its first model to its last. #}
{% macro committed_loads_table(crm) -%}
    {% set files = lake_files(crm, "_dlt_loads/*.jsonl*") %}
    create or replace table {{ crm }}.committed_loads as
    {% if has_files(files) -%}
        select distinct schema_name as connection, load_id
        from
            read_json(
                '{{ files }}',
                format = 'newline_delimited',
                columns = {
                    schema_name: 'VARCHAR',
                    load_id: 'VARCHAR',
                    status: 'BIGINT'
                }
            )
        where status = 0
    {%- else -%} select null::varchar as connection, null::varchar as load_id where false
    {%- endif %}
{%- endmacro %}
