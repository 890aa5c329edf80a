with
    leads as (select * from {{ ref("fct_leads") }}),
    current_visits as (select * from {{ ref("int_stage_visits") }} where is_current),
    data_as_of as (select * from {{ ref("int_data_as_of") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    leavers as (
        select employee_key from {{ ref("int_employees") }} where not is_active
    ),
    -- What somebody here did: a note reaches nobody, and what comes in was done by the
    -- client, unless somebody answered the call.
    touches as (
        select bindings.record_key, max(activities.done_at) as last_touch_at
        from {{ ref("bridge_activity_records") }} as bindings
        inner join
            {{ ref("fct_activities") }} as activities
            on bindings.activity_key = activities.activity_key
        where
            bindings.record_type in ('lead', 'contact')
            and activities.is_completed
            and activities.activity_type <> 'note'
            and (
                coalesce(activities.direction, 'outbound') = 'outbound'
                or (
                    activities.activity_type = 'call'
                    and coalesce(activities.duration_seconds, 1) > 0
                )
            )
        group by bindings.record_key
    ),
    -- Of a contact the last touch is enough to know whether one came after the lead.
    contact_touches as (
        select clients.record_key, max(touches.last_touch_at) as last_touch_at
        from {{ ref("int_record_clients") }} as clients
        inner join touches on clients.client_key = touches.record_key
        where clients.record_type = 'lead' and clients.client_type = 'contact'
        group by clients.record_key
    ),
    leads_with_conditions as (
        select
            leads.lead_key,
            leads.record_key,
            leads.connection,
            leads.record_type,
            leads.record_url,
            leads.title,
            leads.pipeline_key,
            leads.pipeline_name,
            leads.stage_key,
            leads.stage_name,
            leads.stage_position,
            leads.status,
            leads.owner_key,
            leads.owner_name,
            leads.department,
            leads.created_at,
            leads.created_date,
            {{ local_date("visits.entered_at", "reporting.time_zone") }}
            as entered_stage_date,
            {{ seconds_between("leads.created_at", "data_as_of.data_as_of_at") }}
            as seconds_since_created,
            greatest(
                {{ seconds_between("visits.entered_at", "data_as_of.data_as_of_at") }},
                0
            ) as seconds_in_stage,
            leads.deal_count,
            leads.status = 'open'
            and coalesce(leads.stage_position = 1, false) as is_in_first_stage,
            touches.record_key is not null
            or coalesce(
                contact_touches.last_touch_at >= leads.created_at, false
            ) as has_touch,
            leads.source_key is not null or leads.channel is not null as has_source,
            leads.client_key is not null as has_client,
            leavers.employee_key is not null as is_owner_inactive
        from leads
        cross join reporting
        left join data_as_of on leads.connection = data_as_of.connection
        left join current_visits as visits on leads.record_key = visits.record_key
        left join touches on leads.record_key = touches.record_key
        left join contact_touches on leads.record_key = contact_touches.record_key
        left join leavers on leads.owner_key = leavers.employee_key
    )

select *
from leads_with_conditions
