with
    bindings as (select * from {{ ref("int_activity_bindings") }}),
    activities as (
        select activity_key from {{ ref("int_activities") }} where not is_deleted
    ),
    activity_records as (
        select
            bindings.activity_key || '>' || bindings.record_key as activity_record_key,
            bindings.activity_key,
            bindings.record_key,
            bindings.connection,
            bindings.record_type,
            bindings.is_primary
        from bindings
        inner join activities on bindings.activity_key = activities.activity_key
    )

select *
from activity_records
