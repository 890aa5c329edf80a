-- A table: it looks through all records for codes that no dictionary holds.
{{ config(materialized="table") }}
with
    dictionary as ({{ union_of_crms("sources") }}),
    named_by_records as (
        select connection, source_key
        from {{ ref("int_deals") }}
        union
        select connection, source_key
        from {{ ref("int_leads") }}
        union
        select connection, source_key
        from {{ ref("int_contacts") }}
        union
        select connection, source_key
        from {{ ref("int_companies") }}
    ),
    unknown_to_dictionary as (
        select
            named_by_records.source_key,
            named_by_records.connection,
            substr(
                named_by_records.source_key, length(named_by_records.connection) + 9
            ) as native_id
        from named_by_records
        left join dictionary on named_by_records.source_key = dictionary.source_key
        where named_by_records.source_key is not null and dictionary.source_key is null
    ),
    sources as (
        select source_key, connection, native_id, source_name, is_active
        from dictionary
        union all
        select
            source_key,
            connection,
            native_id,
            native_id as source_name,
            false as is_active
        from unknown_to_dictionary
    )

select *
from sources
