{# The records that were read once, and are there. #}
{% macro versions_read_once(repeated, relation) -%}
    select
        captures.connection,
        captures.id,
        captures.modified_at,
        captures.extracted_at,
        captures._dlt_load_id as last_load_id,
        false as is_gone,
        cast(null as timestamp) as gone_at,
        captures.payload,
        false as is_gone_at_estimated
    from {{ relation }} as captures
    where
        not captures.is_deleted and not {{ is_repeated("captures", repeated) }}
        {%- if is_incremental() %}
            and {{ is_record_changed("captures", relation) }}
        {%- endif %}
{%- endmacro %}
