with
    events as (select * from {{ ref("int_stage_events") }}),
    last_told_stages as (
        select
            record_key,
            connection,
            record_type,
            max_by(
                stage_key, {{ in_order(["entered_at", "event_order"]) }}
            ) as stage_key,
            max(entered_at) as told_at
        from events
        group by record_key, connection, record_type
    )

select *
from last_told_stages
