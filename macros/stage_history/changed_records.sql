{# The records to work out again, with the loads they are worked out from. The watermark is per connection and
   kind of entity, taken from what is stored here: a record's own loads and those of its history commit apart,
   and a run that stopped between them must find both again. #}
{% macro changed_records() -%}
    select
        changes.record_key,
        {{ newest_load("record") }} as record_load_id,
        {{ newest_load("history") }} as history_load_id
    from {{ ref("int_record_changes") }} as changes
    {% if is_incremental() -%}
        left join
            (
                select
                    connection,
                    max(record_load_id) as record_load_id,
                    max(history_load_id) as history_load_id
                from {{ this }}
                group by connection
            ) as seen
            on changes.connection = seen.connection
    {%- endif %}
    group by changes.record_key
    {% if is_incremental() -%}
        having
            {{ newest_load("record") }} > max(coalesce(seen.record_load_id, ''))
            or {{ newest_load("history") }} > max(coalesce(seen.history_load_id, ''))
    {%- endif %}
{%- endmacro %}

{% macro newest_load(entity_kind) -%}
    max(case when changes.entity_kind = '{{ entity_kind }}' then changes.load_id end)
{%- endmacro %}
