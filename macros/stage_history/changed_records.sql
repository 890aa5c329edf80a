{# The records to work out again, with the loads they are worked out from. The watermark is per connection, type
   of record and kind of entity, taken from what is stored here: deals, leads and the histories of both commit
   apart, and a run that stopped between them must find all of them again. #}
{% macro changed_records(record_type=none) -%}
    select
        changes.record_key,
        {{ newest_load("record") }} as record_load_id,
        {{ newest_load("history") }} as history_load_id
    from {{ ref("int_record_changes") }} as changes
    where
        {{ "changes.record_type = '" ~ record_type ~ "'" if record_type else "true" }}
        {% if is_incremental() -%}
            and changes.record_key in ({{ newly_loaded_records() }})
        {%- endif %}
    group by changes.record_key
{%- endmacro %}

{# Found first, so that only their loads are grouped, and not those of every record. #}
{% macro newly_loaded_records() -%}
    select changes.record_key
    from {{ ref("int_record_changes") }} as changes
    left join
        (
            select
                connection,
                record_type,
                max(record_load_id) as record_load_id,
                max(history_load_id) as history_load_id
            from {{ this }}
            group by connection, record_type
        ) as seen
        on changes.connection = seen.connection
        and changes.record_type = seen.record_type
    where
        changes.load_id > coalesce(
            case
                changes.entity_kind
                when 'record'
                then seen.record_load_id
                else seen.history_load_id
            end,
            ''
        )
{%- endmacro %}

{% macro newest_load(entity_kind) -%}
    max(case when changes.entity_kind = '{{ entity_kind }}' then changes.load_id end)
{%- endmacro %}
