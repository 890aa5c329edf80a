with
    keyed as (
        select
            *,
            connection || ':' || activity_type || ':' || native_id as activity_key,
            coalesce(is_said_done, false) as is_completed
        from {{ ref("int_hubspot__acts") }}
    ),
    accounts as (select * from {{ ref("stg_hubspot__account") }}),
    call_outcomes as (select * from {{ ref("call_outcomes") }} where crm = 'hubspot'),
    -- Accounts add outcomes of their own, and give others another name.
    named_outcomes as (
        select connection, option_code, option_label
        from {{ ref("stg_hubspot__call_property_options") }}
        where field_code = 'hs_call_disposition'
    ),
    -- An activity has no page of its own: that of the record it belongs to.
    pages as (
        select
            activity_key,
            {{ hubspot_object_type_id("record_type") }} as object_type_id,
            substr(
                record_key, length(connection) + length(record_type) + 3
            ) as record_id
        from {{ ref("int_hubspot__activity_bindings") }}
        where is_primary
    ),
    activities_in_shared_shape as (
        select
            keyed.activity_key,
            keyed.connection,
            keyed.activity_type as record_type,
            keyed.native_id,
            {{ hubspot_url("pages.object_type_id", "pages.record_id") }} as record_url,
            keyed.activity_type,
            keyed.subject,
            case
                when keyed.direction_code in ('INBOUND', 'INCOMING_EMAIL')
                then 'inbound'
                when keyed.direction_code in ('OUTBOUND', 'EMAIL', 'FORWARDED_EMAIL')
                then 'outbound'
            end as direction,
            {{ record_key("employee", "keyed.owner_id", "keyed") }} as employee_key,
            coalesce(keyed.created_at, keyed.modified_at) as created_at,
            keyed.modified_at,
            keyed.captured_at,
            keyed.begun_at as started_at,
            coalesce(
                keyed.ended_at,
                {{ seconds_later("keyed.begun_at", "keyed.duration_seconds") }}
            ) as ended_at,
            case
                when
                    coalesce(keyed.begun_at, keyed.happens_at)
                    < cast('2100-01-01' as timestamp)
                    and keyed.activity_type <> 'note'
                then coalesce(keyed.begun_at, keyed.happens_at)
            end as deadline_at,
            keyed.is_completed,
            case
                when not keyed.is_completed
                then null
                when keyed.activity_type = 'task'
                then
                    coalesce(
                        keyed.completed_at, keyed.completed_seen_at, keyed.modified_at
                    )
                else coalesce(keyed.begun_at, keyed.modified_at)
            end as done_at,
            keyed.is_completed
            and keyed.activity_type = 'task'
            and keyed.completed_at is null as is_done_at_estimated,
            coalesce(
                keyed.duration_seconds,
                case
                    when keyed.ended_at >= keyed.begun_at
                    then {{ seconds_between("keyed.begun_at", "keyed.ended_at") }}
                end
            ) as duration_seconds,
            -- Written as people read it: no show and not NO_SHOW.
            lower(
                replace(
                    case
                        keyed.activity_type
                        when 'call'
                        then
                            coalesce(
                                named_outcomes.option_label,
                                call_outcomes.outcome,
                                keyed.outcome_code
                            )
                        when 'meeting'
                        then keyed.outcome_code
                    end,
                    '_',
                    ' '
                )
            ) as outcome,
            keyed.is_deleted,
            keyed.deleted_at
        from keyed
        left join accounts on keyed.connection = accounts.connection
        left join pages on keyed.activity_key = pages.activity_key
        left join
            named_outcomes
            on keyed.connection = named_outcomes.connection
            and keyed.outcome_code = named_outcomes.option_code
        left join call_outcomes on keyed.outcome_code = call_outcomes.outcome_code
    )

select *
from activities_in_shared_shape
