-- The history of the stage does not name the pipeline: it is the one set last, at the
-- same instant at the latest.
with
    history as (
        select *
        from {{ ref("stg_hubspot__deal_property_history") }}
        where property_value is not null and set_at is not null and deal_id is not null
    ),
    -- The first pipeline of a deal reaches back: some stage may be stamped a moment
    -- earlier.
    pipelines_then as (
        select
            connection,
            deal_id,
            property_value as pipeline_id,
            entry_number,
            case
                when
                    row_number() over (
                        partition by connection, deal_id order by set_at, entry_number
                    )
                    = 1
                then cast('1900-01-01' as timestamp)
                else set_at
            end as set_at,
            lead(set_at) over (
                partition by connection, deal_id order by set_at, entry_number
            ) as next_set_at,
            lead(entry_number) over (
                partition by connection, deal_id order by set_at, entry_number
            ) as next_entry_number
        from history
        where property_name = 'pipeline'
    ),
    stage_entries as (
        select
            stages.connection,
            stages.deal_id,
            stages.native_id,
            coalesce(pipelines_then.pipeline_id, deals.pipeline_id) as pipeline_id,
            stages.property_value as stage_id,
            stages.set_at,
            stages.entry_number
        from history as stages
        left join
            pipelines_then
            on stages.connection = pipelines_then.connection
            and stages.deal_id = pipelines_then.deal_id
            and stages.set_at >= pipelines_then.set_at
            and (
                stages.set_at < pipelines_then.next_set_at
                or pipelines_then.next_set_at is null
                or (
                    stages.set_at = pipelines_then.next_set_at
                    and stages.entry_number < pipelines_then.next_entry_number
                )
            )
            and (
                stages.set_at > pipelines_then.set_at
                or stages.entry_number >= pipelines_then.entry_number
            )
        left join
            {{ ref("stg_hubspot__deals") }} as deals
            on stages.connection = deals.connection
            and stages.deal_id = deals.native_id
        where stages.property_name = 'dealstage'
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
        from stage_entries
        where pipeline_id is not null
    )

select *
from events_in_shared_shape
