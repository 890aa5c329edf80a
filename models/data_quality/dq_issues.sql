{{ config(database=served_database(), materialized="table", access="public") }}
with
    findings as (select * from {{ ref("dq_findings") }}),
    mutes as (select * from {{ ref("stg_dealhouse__dq_mutes") }}),
    connections as (select * from {{ ref("int_data_as_of") }}),
    cycles as (select * from {{ ref("int_complete_cycles") }}),
    folded as (select * from {{ ref("int_issue_lives") }}),
    -- What is open shows its values of now.
    valued as (
        select
            folded.rule_id || ':' || folded.record_key as issue_key,
            folded.rule_id,
            folded.record_key,
            folded.record_type,
            folded.connection,
            folded.first_seen_at,
            folded.last_transition_at,
            folded.last_appeared_at,
            folded.is_resolved,
            folded.run_id,
            folded.is_baseline,
            folded.resolution,
            folded.reopened_count,
            {% for value in ["owner_key", "detected_value", "money_at_risk"] -%}
                case
                    when findings.record_key is null or folded.is_resolved
                    then folded.{{ value }}
                    else findings.{{ value }}
                end as {{ value }} {{- "," if not loop.last }}
            {% endfor %}
        from folded
        left join
            findings
            on folded.rule_id = findings.rule_id
            and folded.record_key = findings.record_key
    ),
    issues as (
        select
            valued.issue_key,
            valued.rule_id,
            rules.severity,
            valued.record_type,
            valued.record_key,
            records.record_url,
            records.record_name,
            valued.owner_key,
            owners.employee_name as owner_name,
            owners.department,
            valued.connection,
            valued.detected_value,
            valued.money_at_risk,
            {{ issue_status("valued", "mutes", "connections") }} as status,
            valued.first_seen_at,
            case
                when not valued.is_resolved
                then connections.data_as_of_at
                else
                    greatest(
                        valued.last_appeared_at,
                        coalesce(cycles.previous_started_at, valued.last_appeared_at)
                    )
            end as last_seen_at,
            case
                when valued.is_resolved then valued.last_transition_at
            end as resolved_at,
            valued.resolution,
            valued.reopened_count,
            valued.is_baseline,
            mutes.muted_until,
            mutes.muted_by,
            mutes.mute_reason,
            valued.run_id
        from valued
        inner join connections on valued.connection = connections.connection
        left join cycles on valued.run_id = cycles.run_id
        left join
            mutes
            on valued.issue_key = mutes.issue_key
            and mutes.muted_until > connections.data_as_of_date
        left join
            {{ ref("int_rules") }} as rules
            on valued.connection = rules.connection
            and valued.rule_id = rules.rule_id
        left join
            {{ ref("int_issue_records") }} as records
            on valued.record_key = records.record_key
        left join
            {{ ref("dim_employees") }} as owners
            on valued.owner_key = owners.employee_key
    )

select *
from issues
