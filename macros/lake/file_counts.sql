{# A kill amid a compaction leaves rows in two files: one of them is set aside (extract/core/set_aside.py). #}
{% macro file_counts(schema) -%}
    {% set lists = lake_files(schema, "_set_aside/*.jsonl") %}
    {%- if has_files(lists) -%}
        parse_filename(filename) not in (
            select parse_filename(file)
            from
                read_json(
                    '{{ lists }}',
                    format = 'newline_delimited',
                    columns = {file:'VARCHAR'}
                )
        )
    {%- else -%} true
    {%- endif -%}
{%- endmacro %}
