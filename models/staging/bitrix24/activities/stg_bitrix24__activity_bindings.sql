{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["connection", "native_id"],
        on_schema_change="fail",
    )
}}
-- Incremental: millions of sets. Replaced by activity, so that a binding that was cut
-- leaves; an activity without any keeps one empty row, which replaces those it had.
with
    newest as ({{ newest_versions(source("bitrix24", "activity_bindings")) }}),
    unpacked as (
        select
            connection,
            id as native_id,
            is_gone,
            last_load_id,
            {{ unpack("payload", ["bindings"]) }}
        from newest
    ),
    elements as (
        select connection, native_id, {{ json_elements("bindings") }}
        from unpacked
        where not is_gone and substr(bindings, 1, 1) = '['
    ),
    bindings as (
        select
            connection, native_id, {{ unpack("element", ["entityTypeId", "entityId"]) }}
        from elements
    ),
    -- Distinct: asked for by several pairs, the portal names a record twice.
    bound_records as (
        select distinct
            connection,
            native_id,
            {{ bitrix24_record_type("entitytypeid") }} as record_type,
            entityid as record_id
        from bindings
        where entityid not in ('', '0') and entitytypeid in ('1', '2', '3', '4')
    ),
    kept as (
        select
            unpacked.connection,
            unpacked.native_id,
            bound_records.record_type,
            bound_records.record_id,
            unpacked.last_load_id
        from unpacked
        left join
            bound_records
            on unpacked.connection = bound_records.connection
            and unpacked.native_id = bound_records.native_id
    )

select *
from kept
