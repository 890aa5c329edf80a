{# Whether a record has a load that this model has not seen. Per connection and table: loads of different
   connections commit out of order, and a late version may be older than the one that is kept. #}
{% macro is_record_changed(alias, relation) -%}
    exists (
        select 1
        from {{ relation }} as landed
        left join
            (
                select connection, max(last_load_id) as load_id
                from {{ this }}
                group by connection
            ) as seen
            on landed.connection = seen.connection
        where
            landed.connection = {{ alias }}.connection
            and landed.id = {{ alias }}.id
            and (seen.load_id is null or landed._dlt_load_id > seen.load_id)
    )
{%- endmacro %}
