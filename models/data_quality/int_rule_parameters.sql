-- A table: every rule reads it, and unpacking is not free.
{{ config(materialized="table") }}
with
    rules as (select connection, rule_id, parameters from {{ ref("int_rules") }}),
    entries as (
        {{ json_entries(["connection", "rule_id"], "parameters", "true", "rules") }}
    ),
    typed as (
        select
            connection,
            rule_id,
            entry_name as parameter,
            cast(position as bigint) as position,
            try_cast(element as double) as value_number,
            element as value_text
        from entries
        where element is not null and element <> ''
    )

select *
from typed
