with
    connections as (select * from {{ ref("int_connections") }}),
    records as (
        select connection, 'deal' as record_type, native_id, pipeline_id
        from {{ ref("stg_hubspot__deals") }}
        union all
        select connection, 'lead' as record_type, native_id, pipeline_id
        from {{ ref("stg_hubspot__leads") }}
    ),
    entries as (
        select
            entries.connection,
            entries.record_type,
            entries.record_id,
            entries.native_id,
            -- A record without a history of its pipeline was always in the present one.
            coalesce(entries.pipeline_id, records.pipeline_id) as pipeline_id,
            entries.stage_id,
            entries.set_at,
            entries.entry_number
        from {{ ref("int_hubspot__stage_entries") }} as entries
        left join
            records
            on entries.connection = records.connection
            and entries.record_type = records.record_type
            and entries.record_id = records.native_id
        left join connections on entries.connection = connections.connection
        where
            entries.record_type = 'deal'
            or coalesce(connections.leads_from, 'leads') = 'leads'
        union all
        select
            history.connection,
            'lead' as record_type,
            history.object_id as record_id,
            history.native_id,
            'main' as pipeline_id,
            history.property_value as stage_id,
            history.set_at,
            history.entry_number
        from {{ ref("stg_hubspot__contact_property_history") }} as history
        inner join
            connections
            on history.connection = connections.connection
            and history.property_name = case
                connections.leads_from
                when 'lifecyclestage'
                then 'lifecyclestage'
                when 'lead_status'
                then 'hs_lead_status'
            end
        where history.property_value is not null and history.set_at is not null
    ),
    events_in_shared_shape as (
        select
            case
                record_type
                when 'deal'
                then connection || ':stage_event:'
                else connection || ':lead_stage_event:'
            end
            || native_id as stage_event_key,
            {{ record_key_of("record_id") }} as record_key,
            connection,
            record_type,
            {{ record_key_of("pipeline_id") }} as pipeline_key,
            {{ record_key_of("pipeline_id") }} || ':' || stage_id as stage_key,
            set_at as entered_at,
            entry_number as event_order,
            cast(null as boolean) as is_move
        from entries
        where pipeline_id is not null
    )

select *
from events_in_shared_shape
