{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key="record_key",
        on_schema_change="fail",
    )
}}
-- Incremental: working out stays sorts the whole history. Replaced by record, for a
-- history can shrink. Stages
-- stand here by their keys only: kinds and positions change with the dictionaries and
-- are joined in the marts.
with
    changed as ({{ changed_records() }}),
    records as (
        select records.*, changed.record_load_id, changed.history_load_id
        from {{ ref("int_staged_records") }} as records
        inner join changed on records.record_key = changed.record_key
    ),
    captures as (
        select
            captures.*,
            captures.modified_at = records.modified_at
            and captures.captured_at = records.captured_at as is_newest
        from {{ ref("int_record_captures") }} as captures
        inner join records on captures.record_key = records.record_key
    ),
    events as (
        select events.*
        from {{ ref("int_stage_events") }} as events
        inner join records on events.record_key = records.record_key
    ),
    told as ({{ told_entries("records", "events", "captures") }}),
    captured as ({{ captured_entries("records", "told", "captures") }}),
    known as (
        select *
        from told
        union all
        select *
        from captured
    ),
    current_entries as ({{ current_entries("records", "known") }}),
    entries as (
        select *
        from known
        union all
        select *
        from current_entries
    ),
    entries_after_others as (
        select
            *,
            lag(pipeline_key) over in_order as from_pipeline_key,
            lag(stage_key) over in_order as from_stage_key
        from entries
        window
            in_order as (
                partition by record_key order by entered_at, source_rank, event_order
            )
    ),
    stays as (
        select
            *,
            row_number() over in_order as visit_number,
            lead(entered_at) over in_order as next_entered_at
        from entries_after_others
        where stage_key is distinct from from_stage_key
        window
            in_order as (
                partition by record_key order by entered_at, source_rank, event_order
            )
    ),
    -- A record whose stage was emptied stands in none: its last stay is over.
    ended as (
        select
            stays.record_key
            || ':'
            || cast(stays.visit_number as varchar) as stage_visit_key,
            stays.*,
            case
                when next_entered_at is not null
                then next_entered_at
                when records.stage_key is null
                then greatest(records.modified_at, stays.entered_at)
            end as exited_at,
            records.connection,
            records.record_type,
            records.record_load_id,
            records.history_load_id
        from stays
        inner join records on stays.record_key = records.record_key
    ),
    visits as (
        select
            stage_visit_key,
            record_key,
            connection,
            record_type,
            visit_number,
            pipeline_key,
            stage_key,
            from_pipeline_key,
            from_stage_key,
            entered_at,
            exited_at,
            entry_source,
            moved_in_at,
            {{ seconds_between("entered_at", "exited_at") }} as duration_seconds,
            exited_at is null as is_current,
            record_load_id,
            history_load_id
        from ended
    )

select *
from visits
