{{ config(materialized="view") }}
{%- set types = ["day", "week", "month", "quarter", "year"] -%}
{%- set roles = ["", "previous_", "year_ago_", "previous_to_date_"] -%}
-- A view, of up to thirty rows per deal: an event counts in its own period, as the
-- previous one of the next, and as that of a year ago.
with
    deals as (select * from {{ ref("fct_deals") }}),
    last_days as (select as_of_date from {{ ref("dim_as_of_days") }} where is_last_day),
    events as (
        {% for event in ["created", "won", "lost"] -%}
            select
                record_key,
                connection,
                record_type,
                record_url,
                title,
                pipeline_key,
                pipeline_name,
                {% set who = "owner" if event == "created" else "employee" -%}
                {{ who }}_key as employee_key,
                {{ who }}_name as employee_name,
                {{ "" if event == "created" else "employee_" }}department as department,
                source_key,
                source_name,
                is_repeat,
                '{{ event }}' as event,
                {{ "created" if event == "created" else "closed" }}_date as event_date,
                coalesce(amount_converted, 0) as amount
            from
                deals
                {{ "where status = '" ~ event ~ "'" if event != "created" }}
                {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    own_periods as (
        {% for period in types -%}
            select
                calendar_date,
                '{{ period }}' as period_type,
                {{ "calendar" if period == "day" else period ~ "_start" }}_date
                as start_date
            from {{ ref("dim_dates") }} {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    target_periods as (
        select
            period_type,
            calendar_date,
            start_date,
            '' as role,
            start_date as period_start_date
        from own_periods
        union all
        select
            period_type,
            calendar_date,
            start_date,
            'previous_' as role,
            {{ next_period_start("period_type", "start_date") }} as period_start_date
        from own_periods
        union all
        select
            period_type,
            calendar_date,
            start_date,
            'year_ago_' as role,
            {{ same_period_next_year("period_type", "start_date") }}
            as period_start_date
        from own_periods
        -- No day has a 29th of February a year before.
        where
            period_type <> 'day'
            or extract(month from start_date) <> 2
            or extract(day from start_date) <> 29
    ),
    periods_so_far as (
        select
            target_periods.*,
            {{ next_period_start("period_type", "period_start_date") }}
            <= last_days.as_of_date as is_complete,
            -- Days passed of the earlier period are no more than of the running one.
            {{ days_between("start_date", "calendar_date") }}
            <= {{ days_between("period_start_date", "last_days.as_of_date") }}
            as is_to_date
        from target_periods
        inner join last_days on target_periods.period_start_date <= last_days.as_of_date
    ),
    measured as (
        select
            events.record_key,
            events.connection,
            events.record_type,
            events.record_url,
            events.title,
            events.pipeline_key,
            events.pipeline_name,
            events.employee_key,
            events.employee_name,
            events.department,
            events.source_key,
            events.source_name,
            events.is_repeat,
            events.event,
            events.event_date,
            periods.period_type,
            periods.period_start_date,
            periods.is_complete
            {%- for role in roles %}
                {%- for event in ["created", "won", "lost"] %}
                    , {{ period_measure(event, role) }}
                {%- endfor %}
            {%- endfor %}
        from events
        inner join
            periods_so_far as periods on events.event_date = periods.calendar_date
    )

select *
from measured
