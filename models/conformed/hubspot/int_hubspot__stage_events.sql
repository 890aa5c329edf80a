with
    entries as (
        select
            entries.connection,
            entries.deal_id,
            entries.native_id,
            -- A deal without a history of its pipeline was always in the present one.
            coalesce(entries.pipeline_id, deals.pipeline_id) as pipeline_id,
            entries.stage_id,
            entries.set_at,
            entries.entry_number
        from {{ ref("int_hubspot__stage_entries") }} as entries
        left join
            {{ ref("stg_hubspot__deals") }} as deals
            on entries.connection = deals.connection
            and entries.deal_id = deals.native_id
    ),
    events_in_shared_shape as (
        select
            connection || ':stage_event:' || native_id as stage_event_key,
            {{ record_key("deal", "deal_id") }} as record_key,
            connection,
            'deal' as record_type,
            {{ pipeline_key("deal", "pipeline_id") }} as pipeline_key,
            {{ stage_key("deal", "pipeline_id", "stage_id") }} as stage_key,
            set_at as entered_at,
            entry_number as event_order
        from entries
        where pipeline_id is not null
    )

select *
from events_in_shared_shape
