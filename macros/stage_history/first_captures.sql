{# The earliest version of each record that was read. #}
{% macro first_captures(captures) -%}
    select record_key, pipeline_key, stage_key, modified_at
    from
        (
            select
                record_key,
                pipeline_key,
                stage_key,
                modified_at,
                row_number() over (
                    partition by record_key order by modified_at, capture_order
                ) as version_rank
            from {{ captures }}
        ) as ranked
    where version_rank = 1
{%- endmacro %}
