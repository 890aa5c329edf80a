with
    deals as (select * from {{ ref("fct_deals") }}),
    touches as (select * from {{ ref("fct_deal_touches") }}),
    current_visits as (
        select * from {{ ref("fct_stage_visits") }} where is_current and not is_deleted
    ),
    norms as (select * from {{ ref("dim_stage_norms") }}),
    told as (
        select * from {{ ref("int_last_told_stages") }} where record_type = 'deal'
    ),
    stages as (select * from {{ ref("dim_stages") }}),
    data_as_of as (select * from {{ ref("int_data_as_of") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    -- Who is not listed, a bot for instance, has not left.
    leavers as (
        select employee_key from {{ ref("int_employees") }} where not is_active
    ),
    late_acts as (
        select
            bindings.record_key,
            count(*) as overdue_activity_count,
            min(activities.deadline_at) as overdue_since_at
        from {{ ref("bridge_activity_records") }} as bindings
        inner join
            {{ ref("fct_activities") }} as activities
            on bindings.activity_key = activities.activity_key
        where bindings.record_type = 'deal' and activities.is_overdue
        group by bindings.record_key
    ),
    deals_observed as (
        select
            deals.*,
            deals.status = 'open' as is_open,
            {{
                days_between(
                    "deals.expected_close_date", "data_as_of.data_as_of_date"
                )
            }} as days_past_close_date,
            {{ local_date("late_acts.overdue_since_at", "reporting.time_zone") }}
            as overdue_since_date,
            coalesce(late_acts.overdue_activity_count, 0) as overdue_activity_count,
            coalesce(touches.planned_activity_count, 0) as planned_activity_count,
            touches.last_activity_date,
            {{ local_date("visits.entered_at", "reporting.time_zone") }}
            as entered_stage_date,
            greatest(
                {{ seconds_between("visits.entered_at", "data_as_of.data_as_of_at") }},
                0
            ) as seconds_in_stage,
            norms.usual_seconds_in_stage,
            norms.won_deal_count as won_deals_in_stage,
            norms.open_stage_count,
            told_stages.stage_key as told_stage_key,
            told_stages.stage_name as told_stage_name,
            -- What moved while it was read is judged when it is read next.
            greatest(told.told_at, deals.modified_at)
            <= data_as_of.data_as_of_at as is_settled,
            leavers.employee_key is not null as is_owner_inactive
        from deals
        cross join reporting
        left join data_as_of on deals.connection = data_as_of.connection
        left join touches on deals.record_key = touches.record_key
        left join late_acts on deals.record_key = late_acts.record_key
        left join current_visits as visits on deals.record_key = visits.record_key
        left join norms on deals.stage_key = norms.stage_key
        left join told on deals.record_key = told.record_key
        left join stages as told_stages on told.stage_key = told_stages.stage_key
        left join leavers on deals.owner_key = leavers.employee_key
    ),
    deals_with_conditions as (
        select
            deal_key,
            record_key,
            connection,
            record_type,
            record_url,
            title,
            pipeline_key,
            stage_key,
            stage_name,
            stage_position,
            open_stage_count,
            status,
            owner_key,
            owner_name,
            created_date,
            expected_close_date,
            days_past_close_date,
            amount,
            open_amount,
            planned_activity_count,
            last_activity_date,
            overdue_activity_count,
            overdue_since_date,
            entered_stage_date,
            seconds_in_stage,
            usual_seconds_in_stage,
            won_deals_in_stage,
            told_stage_name,
            planned_activity_count > 0 as has_planned_activity,
            is_open and overdue_activity_count > 0 as has_overdue_activity,
            is_open and coalesce(days_past_close_date > 0, false) as is_close_date_past,
            expected_close_date is null as is_close_date_missing,
            is_open
            and coalesce(
                seconds_in_stage > usual_seconds_in_stage, false
            ) as is_stalled,
            coalesce(amount, 0) = 0 as is_amount_missing,
            coalesce(amount, 0) < 0 as is_amount_negative,
            client_key is not null as has_client,
            trim(coalesce(loss_reason, '')) <> '' as has_loss_reason,
            is_owner_inactive,
            coalesce(
                is_settled and told_stage_key <> stage_key, false
            ) as is_history_disagreeing
        from deals_observed
    )

select *
from deals_with_conditions
