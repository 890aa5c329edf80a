{# The records to work out again, with the loads they are worked out from. The watermark is per connection and
   kind of entity, taken from what is stored here: a record's own loads and those of its history commit apart,
   and a run that stopped between them must find both again. #}
{% macro changed_records() -%}
    select
        changes.record_key,
        max(
            case when changes.entity_kind = 'record' then changes.load_id end
        ) as record_load_id,
        max(
            case when changes.entity_kind = 'history' then changes.load_id end
        ) as history_load_id
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
            count(
                case
                    when
                        changes.entity_kind = 'record'
                        and changes.load_id > coalesce(seen.record_load_id, '')
                    then 1
                    when
                        changes.entity_kind = 'history'
                        and changes.load_id > coalesce(seen.history_load_id, '')
                    then 1
                end
            )
            > 0
    {%- endif %}
{%- endmacro %}
