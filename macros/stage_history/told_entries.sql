{# Entries that history tells, repeated ones once; the earliest known stage is taken back to the creation where
   nothing is told of the record's first minute. `moved_in_at` stands beside a stay that was taken back: when the
   CRM says that the record moved into that stage. #}
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
        event_order,
        cast(null as timestamp) as moved_in_at
    from marked_events
    where stage_key is distinct from stage_key_before
    union all
    {{ creation_entries(records, "marked_events", "first_captures") }}
{%- endmacro %}

{# No stage is made up: it is that of the first event, or of a version read that is older than it. #}
{% macro creation_entries(records, marked_events, first_captures) -%}
    select
        records.record_key as record_key,
        coalesce(captures.pipeline_key, events.pipeline_key) as pipeline_key,
        coalesce(captures.stage_key, events.stage_key) as stage_key,
        records.created_at as entered_at,
        'inferred_creation' as entry_source,
        0 as source_rank,
        0 as event_order,
        case
            when events.is_move and captures.record_key is null then events.entered_at
        end as moved_in_at
    from {{ records }}
    left join
        {{ marked_events }} as events
        on records.record_key = events.record_key
        and events.stage_key_before is null
    left join
        {{ first_captures }} as captures
        on records.record_key = captures.record_key
        and (
            events.entered_at is null
            or (
                captures.modified_at < events.entered_at
                and captures.stage_key <> events.stage_key
            )
        )
    where
        events.entered_at is null
        or events.entered_at > records.created_at + interval 60 second
{%- endmacro %}
