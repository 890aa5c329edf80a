with
    deals as (select * from {{ ref("fct_deals") }}),
    activities as (select * from {{ ref("fct_activities") }}),
    bindings as (
        select * from {{ ref("bridge_activity_records") }} where record_type = 'deal'
    ),
    data_as_of as (select * from {{ ref("int_data_as_of") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    touches as (
        select
            bindings.record_key,
            sum(activities.planned_count) as planned_activity_count,
            max(activities.done_at) as last_activity_at,
            max_by(activities.activity_type, activities.done_at) as last_activity_type
        from bindings
        inner join activities on bindings.activity_key = activities.activity_key
        group by bindings.record_key
    ),
    deals_touched as (
        select
            deals.deal_key,
            deals.record_key,
            deals.connection,
            deals.record_type,
            deals.record_url,
            deals.title,
            deals.pipeline_key,
            deals.pipeline_name,
            deals.stage_key,
            deals.stage_name,
            deals.stage_position,
            deals.status,
            deals.owner_key,
            deals.owner_name,
            deals.department,
            deals.employee_key,
            deals.employee_name,
            deals.employee_department,
            {{ description_columns("deals") }},
            deals.loss_reason,
            deals.competitor,
            deals.from_stage_key,
            deals.from_stage_name,
            deals.created_at,
            deals.created_date,
            deals.closed_date,
            deals.amount_converted,
            {{ days_between("deals.created_date", "deals.closed_date") }}
            as days_to_close,
            touches.last_activity_at,
            touches.last_activity_type,
            {{ local_date("touches.last_activity_at", "reporting.time_zone") }}
            as last_activity_date,
            cast(
                coalesce(touches.planned_activity_count, 0) as bigint
            ) as planned_activity_count,
            {{
                days_between(
                    local_date(
                        "coalesce(touches.last_activity_at, deals.created_at)",
                        "reporting.time_zone",
                    ),
                    "data_as_of.data_as_of_date",
                )
            }} as days_without_activity,
            deals.deal_count,
            deals.lost_count,
            deals.open_amount,
            deals.lost_amount
        from deals
        cross join reporting
        left join touches on deals.record_key = touches.record_key
        left join data_as_of on deals.connection = data_as_of.connection
    )

select *
from deals_touched
