with
    events_in_shared_shape as (
        select
            connection || ':stage_event:' || native_id as stage_event_key,
            {{ record_key("deal", "deal_id") }} as record_key,
            connection,
            'deal' as record_type,
            {{ pipeline_key("deal", "pipeline_id") }} as pipeline_key,
            {{ stage_key("deal", "pipeline_id", "stage_id") }} as stage_key,
            entered_at,
            history_number as event_order
        from {{ ref("stg_bitrix24__deal_stage_history") }}
        where stage_id is not null and entered_at is not null and deal_id is not null
    )

select *
from events_in_shared_shape
