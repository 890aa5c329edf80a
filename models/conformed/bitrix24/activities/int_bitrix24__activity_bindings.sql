-- A table: facts of activities and of deals read it, and it is put together from
-- every set.
{{ config(materialized="table") }}
with
    acts as (select * from {{ ref("int_bitrix24__acts") }}),
    -- Nothing told of its bindings: it hangs on the record that owns it.
    bound_activities as (
        select
            acts.connection,
            acts.record_type as activity_record_type,
            acts.native_id,
            coalesce(bindings.record_type, acts.owner_type) as record_type,
            coalesce(bindings.record_id, acts.owner_id) as record_id,
            coalesce(
                coalesce(bindings.record_type, acts.owner_type) = acts.owner_type
                and coalesce(bindings.record_id, acts.owner_id) = acts.owner_id,
                false
            ) as is_primary
        from acts
        left join
            {{ ref("stg_bitrix24__activity_bindings") }} as bindings
            on acts.connection = bindings.connection
            and acts.native_id = bindings.native_id
        where acts.record_type = 'activity' and acts.owner_type is not null
    ),
    -- Owned by an invoice or another record that is not read: the first that is.
    bound_beside as (
        select
            bindings.connection,
            acts.record_type as activity_record_type,
            bindings.native_id,
            bindings.record_type,
            bindings.record_id,
            row_number() over (
                partition by bindings.connection, bindings.native_id
                order by
                    case
                        bindings.record_type
                        when 'deal'
                        then 1
                        when 'lead'
                        then 2
                        when 'contact'
                        then 3
                        else 4
                    end,
                    length(bindings.record_id),
                    bindings.record_id
            )
            = 1 as is_primary
        from acts
        inner join
            {{ ref("stg_bitrix24__activity_bindings") }} as bindings
            on acts.connection = bindings.connection
            and acts.native_id = bindings.native_id
        where
            acts.record_type = 'activity'
            and acts.owner_type is null
            and bindings.record_type is not null
    ),
    -- D_7311: the kind of record and its id.
    task_codes as (
        select connection, native_id, {{ json_elements("record_codes") }}
        from acts
        where record_codes is not null
    ),
    bound_tasks as (
        select
            connection,
            'task' as activity_record_type,
            native_id,
            case
                split_part(element, '_', 1)
                when 'D'
                then 'deal'
                when 'L'
                then 'lead'
                when 'C'
                then 'contact'
                when 'CO'
                then 'company'
            end as record_type,
            split_part(element, '_', 2) as record_id,
            min(position) as position
        from task_codes
        group by connection, native_id, element
    ),
    bound as (
        select *
        from bound_activities
        union all
        select *
        from bound_beside
        union all
        select
            connection,
            activity_record_type,
            native_id,
            record_type,
            record_id,
            position = 1 as is_primary
        from bound_tasks
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
            is_primary
        from bound
        where record_type is not null and record_id is not null
    )

select *
from bindings_in_shared_shape
