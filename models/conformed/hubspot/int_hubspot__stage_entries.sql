{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["connection", "deal_id"],
        on_schema_change="fail",
    )
}}
-- Incremental: three models read it, and it sets two histories side by side. The
-- history
-- of the stage does not name the pipeline: it is the one set last, at the same
-- instant at
-- the latest.
with
    history as (
        select
            connection,
            native_id,
            deal_id,
            property_name,
            property_value,
            set_at,
            entry_number,
            load_id
        from {{ ref("stg_hubspot__deal_property_history") }} as history
        where
            property_name in ('dealstage', 'pipeline')
            and property_value is not null
            and set_at is not null
            and deal_id is not null
            and {{
                is_history_changed(
                    "history", ref("stg_hubspot__deal_property_history")
                )
            }}
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
                when row_number() over in_order = 1
                then cast('1900-01-01' as timestamp)
                else set_at
            end as set_at,
            lead(set_at) over in_order as next_set_at,
            lead(entry_number) over in_order as next_entry_number
        from history
        where property_name = 'pipeline'
        window
            in_order as (partition by connection, deal_id order by set_at, entry_number)
    ),
    newest_loads as (
        select connection, deal_id, max(load_id) as load_id
        from history
        group by connection, deal_id
    ),
    stage_entries as (
        select
            stages.connection,
            stages.deal_id,
            stages.native_id,
            pipelines_then.pipeline_id,
            stages.property_value as stage_id,
            stages.set_at,
            stages.entry_number,
            newest_loads.load_id
        from history as stages
        inner join
            newest_loads
            on stages.connection = newest_loads.connection
            and stages.deal_id = newest_loads.deal_id
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
        where stages.property_name = 'dealstage'
    )

select *
from stage_entries
