{# Entries that only an older version shows: in a stage that neither the entries told give for its time nor an
   event of the next minute. #}
{% macro captured_entries(records, told, captures) -%}
    select
        beside_told.record_key,
        beside_told.pipeline_key,
        beside_told.stage_key,
        greatest(
            coalesce(beside_told.moved_at, beside_told.at_time), records.created_at
        ) as entered_at,
        'captured' as entry_source,
        2 as source_rank,
        beside_told.order_within as event_order,
        cast(null as timestamp) as moved_in_at
    from ({{ captures_beside_told(told, captures) }}) as beside_told
    inner join {{ records }} as records on beside_told.record_key = records.record_key
    left join
        {{ told }}
        on beside_told.record_key = told.record_key
        and beside_told.stage_key = told.stage_key
        and told.entered_at > beside_told.at_time
        and told.entered_at <= beside_told.at_time + interval 60 second
    where
        beside_told.is_capture
        and beside_told.stage_key is distinct from beside_told.told_stage_key
        and told.record_key is null
{%- endmacro %}
