with
    activities as (select * from {{ ref("int_activities") }} where not is_deleted),
    employees as (select * from {{ ref("dim_employees") }}),
    connections as (select * from {{ ref("int_data_as_of") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    bound_records as (select * from {{ ref("int_activity_records") }}),
    activities_judged as (
        select
            activities.*,
            coalesce(activities.done_at, activities.deadline_at) as activity_at,
            not activities.is_completed
            and coalesce(
                activities.deadline_at < connections.data_as_of_at, false
            ) as is_overdue
        from activities
        left join connections on activities.connection = connections.connection
    ),
    activities_measured as (
        select
            activities.activity_key,
            activities.activity_key as record_key,
            activities.connection,
            activities.record_type,
            activities.native_id,
            activities.record_url,
            activities.subject as title,
            activities.activity_type,
            activities.direction,
            activities.outcome,
            activities.employee_key,
            employees.employee_name,
            employees.department,
            bound_records.primary_record_key,
            bound_records.deal_key,
            activities.created_at,
            activities.activity_at,
            {{ local_date("activities.activity_at", "reporting.time_zone") }}
            as activity_date,
            activities.started_at,
            activities.ended_at,
            activities.done_at,
            activities.deadline_at,
            activities.is_completed,
            activities.is_overdue,
            activities.is_done_at_estimated,
            activities.duration_seconds,
            cast(
                case when activities.is_completed then 1 else 0 end as bigint
            ) as done_count,
            cast(
                case when activities.is_completed then 0 else 1 end as bigint
            ) as planned_count,
            cast(
                case when activities.is_overdue then 1 else 0 end as bigint
            ) as overdue_count,
            case
                when activities.is_completed
                then coalesce(activities.duration_seconds, 0)
                else cast(0 as bigint)
            end as total_duration_seconds
        from activities_judged as activities
        cross join reporting
        left join employees on activities.employee_key = employees.employee_key
        left join bound_records on activities.activity_key = bound_records.activity_key
    )

select *
from activities_measured
