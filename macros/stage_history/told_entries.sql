{# Entries that history tells, repeated ones once; the earliest known stage is taken back to the creation where
   nothing is told of the record's first minute. #}
{% macro told_entries(records, events, captures) -%}
    with
        marked_events as (
            select
                *,
                lag(stage_key) over (
                    partition by record_key order by entered_at, event_order
                ) as stage_key_before
            from {{ events }}
        ),
        first_captures as ({{ first_captures(captures) }})
    select
        record_key,
        pipeline_key,
        stage_key,
        entered_at,
        'history' as entry_source,
        1 as source_rank,
        event_order
    from marked_events
    where stage_key is distinct from stage_key_before
    union all
    {{ creation_entries(records, "marked_events", "first_captures") }}
{%- endmacro %}

{# No stage is made up: it is that of the first event, without one that of the earliest version read. #}
{% macro creation_entries(records, marked_events, first_captures) -%}
    select
        records.record_key as record_key,
        coalesce(events.pipeline_key, captures.pipeline_key) as pipeline_key,
        coalesce(events.stage_key, captures.stage_key) as stage_key,
        records.created_at as entered_at,
        'inferred_creation' as entry_source,
        0 as source_rank,
        0 as event_order
    from {{ records }}
    left join
        {{ marked_events }} as events
        on records.record_key = events.record_key
        and events.stage_key_before is null
    left join
        {{ first_captures }} as captures on records.record_key = captures.record_key
    where
        events.entered_at is null
        or events.entered_at > records.created_at + interval 60 second
{%- endmacro %}
