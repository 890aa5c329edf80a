{{ config(database=served_database(), materialized="table", access="public") }}
{%- set of_the_week = ["new_issue_count", "resolved_issue_count"] %}
{%- set counts = [
    "record_count",
    "dirty_record_count",
    "error_count",
    "warning_count",
    "info_count",
] %}
with
    changes as (select * from {{ ref("int_score_changes") }}),
    weeks as (select * from {{ ref("int_score_weeks") }}),
    employees as (select * from {{ ref("dim_employees") }}),
    scored as (select distinct connection, owner_key, source_key from changes),
    -- Every week of everybody, so that a running sum has no gap.
    rows_of_weeks as (
        select
            connection,
            owner_key,
            source_key,
            week_start_date,
            {{ (of_the_week + counts) | join(", ") }},
            money_at_risk
        from changes
        union all
        select
            scored.connection,
            scored.owner_key,
            scored.source_key,
            weeks.week_start_date,
            {% for _ in of_the_week + counts -%} 0, {% endfor %}
            0
        from scored
        inner join weeks on scored.connection = weeks.connection
    ),
    summed as (
        select
            connection,
            owner_key,
            source_key,
            week_start_date,
            {% for column in of_the_week + counts + ["money_at_risk"] -%}
                sum({{ column }}) as {{ column }} {{- "," if not loop.last }}
            {% endfor %}
        from rows_of_weeks
        group by connection, owner_key, source_key, week_start_date
    ),
    added_up as (
        select
            connection,
            owner_key,
            source_key,
            week_start_date,
            {{ of_the_week | join(", ") }},
            {% for column in counts + ["money_at_risk"] -%}
                sum({{ column }}) over (
                    partition by connection, owner_key, source_key
                    order by week_start_date
                    rows between unbounded preceding and current row
                ) as {{ column }} {{- "," if not loop.last }}
            {% endfor %}
        from summed
    ),
    scorecards as (
        select
            added_up.week_start_date,
            added_up.connection,
            added_up.owner_key,
            employees.employee_name as owner_name,
            employees.department,
            added_up.source_key,
            cast(added_up.record_count as bigint) as record_count,
            cast(
                added_up.record_count - added_up.dirty_record_count as bigint
            ) as clean_record_count,
            {% for column in of_the_week + [
                "error_count",
                "warning_count",
                "info_count",
            ] -%}
                cast(added_up.{{ column }} as bigint) as {{ column }},
            {% endfor %}
            {{ money("added_up.money_at_risk") }} as money_at_risk
        from added_up
        left join employees on added_up.owner_key = employees.employee_key
        where
            added_up.record_count > 0
            or added_up.error_count
            + added_up.warning_count
            + added_up.info_count
            + added_up.new_issue_count
            + added_up.resolved_issue_count
            > 0
    )

select *
from scorecards
