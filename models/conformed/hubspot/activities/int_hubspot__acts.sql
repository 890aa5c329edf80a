{%- set types = {
    "call": "stg_hubspot__calls",
    "meeting": "stg_hubspot__meetings",
    "email": "stg_hubspot__emails",
    "task": "stg_hubspot__tasks",
    "note": "stg_hubspot__notes",
} %}
with
    told as (
        {% for activity_type, model in types.items() -%}
            select '{{ activity_type }}' as activity_type, *
            from {{ ref(model) }} {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    -- What was not said to be done is planned while it lies ahead of the last cycle. An
    -- e-mail that came back was an attempt, and is nothing that somebody still plans.
    acts as (
        select
            told.*,
            cast(
                round(told.duration_milliseconds / 1000, 0) as bigint
            ) as duration_seconds,
            case
                when told.activity_type <> 'task'
                then coalesce(told.started_at, told.happens_at, told.created_at)
            end as begun_at,
            case
                when told.activity_type = 'task'
                then told.status_code = 'COMPLETED'
                when told.status_code = 'SENT' or told.direction_code = 'INCOMING_EMAIL'
                then true
                when told.status_code in ('SCHEDULED', 'SENDING')
                then false
                when told.activity_type = 'note'
                then true
                when told.outcome_code in ('SCHEDULED', 'RESCHEDULED')
                then false
                when told.status_code = 'COMPLETED'
                then true
                when
                    told.activity_type = 'meeting'
                    and told.outcome_code in ('COMPLETED', 'NO_SHOW', 'CANCELED')
                then true
                else
                    coalesce(told.started_at, told.happens_at)
                    <= coalesce(connections.data_as_of_at, told.captured_at)
            end as is_said_done
        from told
        left join
            {{ ref("int_data_as_of") }} as connections
            on told.connection = connections.connection
    )

select *
from acts
