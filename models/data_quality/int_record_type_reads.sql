-- Whether what a kind of record is made from was read to its end when it was read last.
with
    runs as (select * from {{ ref("stg_dealhouse__extraction_runs") }}),
    entity_record_types as (select * from {{ ref("entity_record_types") }}),
    entities as (
        -- Runs of a connection are named by their time on this machine.
        select
            connection,
            crm,
            entity,
            max(case when is_complete then 1 else 0 end) as complete_count,
            max_by(
                case when is_complete or not is_required then 1 else 0 end, run_id
            ) as is_read
        from runs
        group by connection, crm, entity
    ),
    entities_of_types as (
        select
            entities.connection,
            entity_record_types.record_type,
            entities.complete_count,
            entities.is_read
        from entities
        inner join
            entity_record_types
            on entities.crm = entity_record_types.crm
            and entities.entity = entity_record_types.entity
        union all
        select connection, 'any' as record_type, complete_count, is_read
        from entities
    ),
    record_type_reads as (
        select connection, record_type, min(is_read) = 1 as is_complete
        from entities_of_types
        group by connection, record_type
        having max(complete_count) = 1
    )

select *
from record_type_reads
