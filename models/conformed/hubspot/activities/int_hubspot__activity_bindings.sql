-- A table: facts of activities and of deals read it, and it is put together from
-- every set.
{{ config(materialized="table") }}
with
    merged as (select * from {{ ref("int_hubspot__merged_records") }}),
    -- Two records of which one was merged into the other are one.
    bound as (
        select distinct
            associations.connection,
            associations.from_type as activity_record_type,
            associations.from_id as native_id,
            associations.to_type as record_type,
            coalesce(merged.survivor_id, associations.to_id) as record_id
        from {{ ref("stg_hubspot__activity_associations") }} as associations
        left join
            merged
            on associations.connection = merged.connection
            and associations.to_type = merged.record_type
            and associations.to_id = merged.merged_id
        where
            associations.to_id is not null
            and associations.to_type in ('deal', 'lead', 'contact', 'company')
    ),
    ranked as (
        select
            *,
            row_number() over (
                partition by connection, activity_record_type, native_id
                order by
                    case
                        record_type
                        when 'deal'
                        then 1
                        when 'lead'
                        then 2
                        when 'company'
                        then 3
                        else 4
                    end,
                    try_cast(record_id as bigint),
                    record_id
            ) as place
        from bound
    ),
    bindings_in_shared_shape as (
        select
            connection
            || ':'
            || activity_record_type
            || ':'
            || native_id as activity_key,
            {{ record_key_of("record_id") }} as record_key,
            connection,
            record_type,
            place = 1 as is_primary
        from ranked
    )

select *
from bindings_in_shared_shape
