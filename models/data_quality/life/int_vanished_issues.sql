with
    findings as (select * from {{ ref("dq_findings") }}),
    states as (select * from {{ ref("int_issue_states") }} where is_open),
    rules as (select * from {{ ref("int_rule_states") }}),
    records as (select * from {{ ref("int_issue_records") }}),
    withdrawn as (select * from {{ ref("int_withdrawn_issues") }}),
    vanished as (
        select
            states.rule_id,
            states.record_key,
            states.connection,
            states.record_type,
            states.owner_key,
            states.detected_value,
            states.money_at_risk,
            states.transition_number,
            case
                when records.merged_into_key is not null
                then 'merged'
                when records.is_deleted
                then 'deleted'
                -- What a rule takes back nobody mended either.
                when
                    rules.is_new_version
                    or not rules.is_enabled
                    or withdrawn.record_key is not null
                then 'rule_changed'
                else 'fixed'
            end as resolution
        from states
        inner join
            rules
            on states.connection = rules.connection
            and states.rule_id = rules.rule_id
        left join
            findings
            on states.rule_id = findings.rule_id
            and states.record_key = findings.record_key
        left join records on states.record_key = records.record_key
        left join
            withdrawn
            on states.rule_id = withdrawn.rule_id
            and states.record_key = withdrawn.record_key
        where findings.record_key is null and (not rules.is_enabled or rules.is_read)
    )

select *
from vanished
