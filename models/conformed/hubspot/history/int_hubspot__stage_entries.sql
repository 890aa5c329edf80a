{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["connection", "record_type", "record_id"],
        on_schema_change="fail",
    )
}}
-- Incremental: three models read it, and it sets two histories side by side. The
-- history of the stage does not name the pipeline: it is the one set last, at the same
-- instant at the latest, or the one set right after the stage with no stage of its own.
{%- set record = ["connection", "record_type", "record_id"] %}
with
    history as (
        select *
        from {{ ref("int_hubspot__stage_history") }} as history
        where
            {{
                is_history_changed(
                    "history",
                    ref("int_hubspot__stage_history"),
                    "record_id",
                    ["connection", "record_type"],
                )
            }}
    ),
    -- The first pipeline of a record reaches back: some stage may be stamped a moment
    -- earlier.
    pipelines_then as (
        select
            connection,
            record_type,
            record_id,
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
        where is_pipeline
        window
            in_order as (
                partition by {{ record | join(", ") }} order by set_at, entry_number
            )
    ),
    stages_placed as ({{ hubspot_placed_stages("history", record) }}),
    newest_loads as (
        select {{ record | join(", ") }}, max(load_id) as load_id
        from history
        group by {{ record | join(", ") }}
    ),
    stage_entries as (
        select
            stages.connection,
            stages.record_type,
            stages.record_id,
            stages.native_id,
            pipelines_then.pipeline_id,
            stages.property_value as stage_id,
            stages.set_at,
            stages.entry_number,
            newest_loads.load_id
        from stages_placed as stages
        inner join
            newest_loads
            on stages.connection = newest_loads.connection
            and stages.record_type = newest_loads.record_type
            and stages.record_id = newest_loads.record_id
        left join
            pipelines_then
            on stages.connection = pipelines_then.connection
            and stages.record_type = pipelines_then.record_type
            and stages.record_id = pipelines_then.record_id
            and stages.placed_at >= pipelines_then.set_at
            and (
                stages.placed_at < pipelines_then.next_set_at
                or pipelines_then.next_set_at is null
                or (
                    stages.placed_at = pipelines_then.next_set_at
                    and stages.placed_number < pipelines_then.next_entry_number
                )
            )
            and (
                stages.placed_at > pipelines_then.set_at
                or stages.placed_number >= pipelines_then.entry_number
            )
    )

select *
from stage_entries
