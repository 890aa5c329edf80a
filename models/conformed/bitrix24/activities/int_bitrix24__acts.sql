with
    activities as (
        select
            *,
            case
                when type_code = '3' or provider_code = 'CRM_TASKS_TASK'
                then associated_id
            end as task_id,
            case
                when type_code = '1' or provider_code = 'CRM_MEETING'
                then 'meeting'
                when type_code = '2' or provider_code = 'VOXIMPLANT_CALL'
                then 'call'
                when type_code = '3' or provider_code in ('CRM_TASKS_TASK', 'CRM_TODO')
                then 'task'
                when type_code = '4' or provider_code = 'CRM_EMAIL'
                then 'email'
                else 'other'
            end as activity_type
        from {{ ref("stg_bitrix24__activities") }}
    ),
    tasks as (select * from {{ ref("stg_bitrix24__tasks") }}),
    -- A task that no longer has a living activity stands for itself.
    shown_tasks as (
        select distinct activities.connection, activities.task_id
        from activities
        inner join
            tasks
            on activities.connection = tasks.connection
            and activities.task_id = tasks.native_id
            and (not activities.is_deleted or tasks.is_deleted)
    ),
    acts as (
        select
            activities.connection,
            'activity' as record_type,
            activities.native_id,
            activities.owner_type,
            activities.owner_id,
            activities.activity_type,
            coalesce(activities.subject, tasks.subject) as subject,
            activities.direction,
            activities.responsible_id,
            activities.created_at,
            activities.modified_at,
            activities.captured_at,
            activities.started_at,
            activities.ended_at,
            coalesce(tasks.deadline_at, activities.deadline_at) as deadline_at,
            activities.is_completed,
            tasks.closed_at,
            activities.completed_seen_at,
            activities.is_deleted,
            activities.deleted_at,
            cast(null as varchar) as record_codes
        from activities
        left join
            tasks
            on activities.connection = tasks.connection
            and activities.task_id = tasks.native_id
        union all
        select
            tasks.connection,
            'task' as record_type,
            tasks.native_id,
            cast(null as varchar) as owner_type,
            cast(null as varchar) as owner_id,
            'task' as activity_type,
            tasks.subject,
            cast(null as varchar) as direction,
            tasks.responsible_id,
            tasks.created_at,
            tasks.modified_at,
            tasks.captured_at,
            tasks.started_at,
            cast(null as timestamp) as ended_at,
            tasks.deadline_at,
            coalesce(tasks.status_code = '5', false) as is_completed,
            tasks.closed_at,
            cast(null as timestamp) as completed_seen_at,
            tasks.is_deleted,
            tasks.deleted_at,
            tasks.record_codes
        from tasks
        left join
            shown_tasks
            on tasks.connection = shown_tasks.connection
            and tasks.native_id = shown_tasks.task_id
        -- A task that hangs on no record is no act of the CRM.
        where shown_tasks.task_id is null and tasks.record_codes is not null
    )

select *
from acts
