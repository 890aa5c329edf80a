{# Captures of the repeated records. Content: the greatest modified_at, then last captured. Gone while the last
   capture is a tombstone. #}
{% macro compared_captures(relation, repeated) -%}
    select
        connection,
        id,
        modified_at,
        extracted_at,
        is_deleted,
        _dlt_load_id as load_id,
        row_number() over (
            partition by connection, id
            order by is_deleted, modified_at desc, extracted_at desc, _dlt_load_id desc
        ) as version_rank,
        max(_dlt_load_id) over (partition by connection, id) as last_load_id,
        first_value(is_deleted) over (
            partition by connection, id order by extracted_at desc, _dlt_load_id desc
        ) as is_gone,
        first_value(case when is_deleted then modified_at end) over (
            partition by connection, id order by extracted_at desc, _dlt_load_id desc
        ) as gone_at
    from {{ relation }} as captures
    where {{ is_repeated("captures", repeated) }}
{%- endmacro %}
