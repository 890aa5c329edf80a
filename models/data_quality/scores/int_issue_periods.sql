-- A table: weeks are counted from it more than once.
{{ config(materialized="table") }}
with
    transitions as (
        select *
        from {{ ref("int_transitions") }}
        where transition in ('appeared', 'gone')
    ),
    dated as (
        select
            transitions.*,
            {{ local_date("transitions.transition_at", "reporting.time_zone") }}
            as transition_date,
            reporting.week_start
        from transitions
        cross join {{ ref("int_reporting") }} as reporting
    ),
    with_weeks as (
        select *, {{ week_start("transition_date", "dated") }} as week_start_date
        from dated
    ),
    followed as (
        select
            *,
            lead(week_start_date) over (
                partition by rule_id, record_key order by transition_number
            ) as next_week_start_date
        from with_weeks
    ),
    periods as (
        select
            followed.rule_id,
            followed.record_key,
            followed.connection,
            rules.severity,
            followed.money_at_risk,
            followed.week_start_date as opened_week_start_date,
            followed.next_week_start_date as resolved_week_start_date
        from followed
        left join
            {{ ref("int_rules") }} as rules
            on followed.connection = rules.connection
            and followed.rule_id = rules.rule_id
        where followed.transition = 'appeared'
    )

select *
from periods
