-- A table: links, bindings and three kinds of records read it. Survivors name whom they
-- took in; who took in the survivor is followed, twice as far in each step.
{{ config(materialized="table") }}
{%- set merging = {
    "deal": "stg_hubspot__deals",
    "contact": "stg_hubspot__contacts",
    "company": "stg_hubspot__companies",
} %}
with
    named as (
        {% for record_type, model in merging.items() -%}
            select
                connection,
                '{{ record_type }}' as record_type,
                native_id as survivor_id,
                is_deleted,
                modified_at,
                {{ text_parts("merged_ids", "';'") }}
            from {{ ref(model) }}
            where merged_ids is not null {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    -- Contacts are told with the time of the merge: id:time
    pairs as (
        select
            connection,
            record_type,
            trim(split_part(element, ':', 1)) as merged_id,
            survivor_id,
            row_number() over (
                partition by connection, record_type, trim(split_part(element, ':', 1))
                order by is_deleted, modified_at desc, survivor_id desc
            ) as survivor_rank
        from named
        where trim(split_part(element, ':', 1)) not in ('', survivor_id)
    ),
    followed_0 as (
        select connection, record_type, merged_id, survivor_id
        from pairs
        where survivor_rank = 1
    ),
    {% for step in range(1, 6) -%}
        followed_{{ step }} as (
            select
                earlier.connection,
                earlier.record_type,
                earlier.merged_id,
                coalesce(later.survivor_id, earlier.survivor_id) as survivor_id
            from followed_{{ step - 1 }} as earlier
            left join
                followed_{{ step - 1 }} as later
                on earlier.connection = later.connection
                and earlier.record_type = later.record_type
                and earlier.survivor_id = later.merged_id
        ),
    {% endfor %}
    merged_records as (
        select connection, record_type, merged_id, survivor_id
        from followed_5
        where merged_id <> survivor_id
    )

select *
from merged_records
