with
    -- The two histories are numbered apart.
    entries as (
        select
            connection,
            'deal' as record_type,
            connection || ':stage_event:' || native_id as stage_event_key,
            deal_id as record_id,
            pipeline_id,
            stage_id,
            entered_at,
            history_number,
            type_code
        from {{ ref("stg_bitrix24__deal_stage_history") }}
        union all
        select
            connection,
            'lead' as record_type,
            connection || ':lead_stage_event:' || native_id as stage_event_key,
            lead_id as record_id,
            'main' as pipeline_id,
            stage_id,
            entered_at,
            history_number,
            type_code
        from {{ ref("stg_bitrix24__lead_stage_history") }}
    ),
    events_in_shared_shape as (
        select
            stage_event_key,
            {{ record_key_of("record_id") }} as record_key,
            connection,
            record_type,
            {{ record_key_of("pipeline_id") }} as pipeline_key,
            {{ record_key_of("pipeline_id") }} || ':' || stage_id as stage_key,
            entered_at,
            history_number as event_order,
            coalesce(type_code in ('2', '3', '5'), false) as is_move
        from entries
        where stage_id is not null and entered_at is not null and record_id is not null
    )

select *
from events_in_shared_shape
