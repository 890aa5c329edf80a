{# Of loads that are new here the last capture of each event. Nearly all were read once and need no comparison. #}
{% macro last_captures(relation) -%}
    with
        repeated as (
            select captures.connection, captures.id
            from {{ relation }} as captures
            where not captures.is_deleted and {{ is_load_new("captures") }}
            group by captures.connection, captures.id
            having count(*) > 1
        )
    select
        captures.connection,
        captures.id,
        captures._dlt_load_id as load_id,
        captures.payload
    from {{ relation }} as captures
    where
        not captures.is_deleted
        and {{ is_load_new("captures") }}
        and not {{ is_repeated("captures", "repeated") }}
    union all
    select connection, id, load_id, payload
    from ({{ ranked_captures(relation, "repeated") }}) as ranked
    where version_rank = 1
{%- endmacro %}

{% macro ranked_captures(relation, repeated) -%}
    select
        captures.connection,
        captures.id,
        captures._dlt_load_id as load_id,
        captures.payload,
        row_number() over (
            partition by captures.connection, captures.id
            order by
                captures.extracted_at desc, captures._dlt_load_id desc, captures.payload
        ) as version_rank
    from {{ relation }} as captures
    where
        not captures.is_deleted
        and {{ is_load_new("captures") }}
        and {{ is_repeated("captures", repeated) }}
{%- endmacro %}
