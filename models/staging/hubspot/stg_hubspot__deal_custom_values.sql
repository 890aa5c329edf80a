{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["connection", "native_id"],
        on_schema_change="fail",
    )
}}
-- Incremental: every payload is parsed a second time, by all its keys. Replaced by
-- deal, so that a value that
-- was cleared leaves; a deal without values keeps one empty row, which replaces the
-- values it had.
-- Which properties are custom only their definitions tell, later: here HubSpot's own
-- are dropped as far as
-- their names give them away.
with
    newest as ({{ newest_versions(source("hubspot", "deals")) }}),
    envelopes as (
        select connection, id, last_load_id, {{ unpack("payload", ["properties"]) }}
        from newest
    ),
    entries as (
        {{
            json_entries(
                ["connection", "id"],
                "properties",
                "%s not like 'hs_%' and %s not in ('dealname', 'pipeline', 'dealstage', "
                ~ "'amount', 'closedate', 'createdate', 'hubspot_owner_id', 'deal_currency_code')",
                "envelopes",
            )
        }}
    ),
    filled as (select * from entries where element <> ''),
    kept as (
        select
            newest.connection,
            newest.id as native_id,
            filled.entry_name as field_code,
            cast(filled.position as bigint) as position,
            filled.element as value_text,
            newest.last_load_id
        from newest
        left join
            filled on newest.connection = filled.connection and newest.id = filled.id
    )

select *
from kept
