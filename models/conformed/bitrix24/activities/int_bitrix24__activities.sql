with
    acts as (select * from {{ ref("int_bitrix24__acts") }}),
    connections as (select * from {{ ref("int_connections") }}),
    activities_in_shared_shape as (
        select
            {{ record_key_of("acts.native_id", "acts") }} as activity_key,
            acts.connection,
            acts.record_type,
            acts.native_id,
            -- An activity has no page of its own: that of the record it belongs to.
            connections.portal_url || case
                acts.record_type
                when 'task'
                then
                    '/company/personal/user/'
                    || acts.responsible_id
                    || '/tasks/task/view/'
                    || acts.native_id
                    || '/'
                else '/crm/' || acts.owner_type || '/details/' || acts.owner_id || '/'
            end as record_url,
            acts.activity_type,
            acts.subject,
            case
                when acts.activity_type in ('call', 'email', 'other')
                then acts.direction
            end as direction,
            {{ record_key("employee", "acts.responsible_id", "acts") }} as employee_key,
            coalesce(acts.created_at, acts.modified_at) as created_at,
            acts.modified_at,
            acts.captured_at,
            acts.started_at,
            -- The end of a task is its deadline.
            case when acts.activity_type <> 'task' then acts.ended_at end as ended_at,
            case
                when acts.deadline_at < cast('2100-01-01' as timestamp)
                then acts.deadline_at
            end as deadline_at,
            acts.is_completed,
            case
                when not acts.is_completed
                then null
                when acts.activity_type = 'task'
                then coalesce(acts.closed_at, acts.completed_seen_at, acts.modified_at)
                else coalesce(acts.started_at, acts.created_at, acts.modified_at)
            end as done_at,
            acts.is_completed
            and acts.activity_type = 'task'
            and acts.closed_at is null as is_done_at_estimated,
            -- The end of a call is an appointment's and says nothing of its length.
            case
                when acts.activity_type = 'meeting' and acts.ended_at >= acts.started_at
                then {{ seconds_between("acts.started_at", "acts.ended_at") }}
            end as duration_seconds,
            cast(null as varchar) as outcome,
            acts.is_deleted,
            acts.deleted_at
        from acts
        left join connections on acts.connection = connections.connection
    )

select *
from activities_in_shared_shape
