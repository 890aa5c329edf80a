{# Entries that history tells, repeated ones once; the earliest known stage is taken back to the creation where
   nothing is told of the record's first minute. #}
{% macro told_entries(deals, events, captures) -%}
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
    select
        deals.deal_key as record_key,
        coalesce(first_events.pipeline_key, first_captures.pipeline_key) as pipeline_key,
        coalesce(first_events.stage_key, first_captures.stage_key) as stage_key,
        deals.created_at as entered_at,
        'inferred_creation' as entry_source,
        0 as source_rank,
        0 as event_order
    from {{ deals }}
    left join
        (select * from marked_events where stage_key_before is null) as first_events
        on deals.deal_key = first_events.record_key
    left join first_captures on deals.deal_key = first_captures.record_key
    where
        first_events.entered_at is null
        or first_events.entered_at > deals.created_at + interval 60 second
{%- endmacro %}
