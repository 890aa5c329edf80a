-- A table: what publication lands is what the issues beside it are folded from.
{{ config(materialized="table") }}
with
    findings as (select * from {{ ref("dq_findings") }}),
    states as (select * from {{ ref("int_issue_states") }}),
    rules as (select * from {{ ref("int_rule_states") }}),
    vanished as (select * from {{ ref("int_vanished_issues") }}),
    -- An open issue goes with its record to the record's next owner.
    flagged as (
        select
            findings.*,
            coalesce(states.transition_number, 0) + 1 as transition_number,
            case
                when coalesce(states.is_open, false) then 'reassigned' else 'appeared'
            end as transition
        from findings
        left join
            states
            on findings.rule_id = states.rule_id
            and findings.record_key = states.record_key
        where
            not coalesce(states.is_open, false)
            or coalesce(findings.owner_key, '') <> coalesce(states.owner_key, '')
    ),
    changes as (
        select
            rules.data_as_of_at as transition_at,
            rules.run_id,
            rules.connection,
            rules.rule_id,
            rules.rule_version,
            rules.record_type,
            cast(null as varchar) as record_key,
            cast(null as varchar) as owner_key,
            'baseline' as transition,
            true as is_baseline,
            cast(null as varchar) as resolution,
            cast(null as varchar) as detected_value,
            cast(0 as decimal(28, 6)) as money_at_risk,
            rules.baseline_number + 1 as transition_number
        from rules
        -- A changed rule whose records were not read to their end is new until they
        -- are:
        -- what it drops is no success.
        where
            is_new_version
            and case
                when baseline_number = 0
                then is_enabled and has_complete_inputs
                else is_read or not is_enabled
            end
        union all
        select
            rules.data_as_of_at as transition_at,
            rules.run_id,
            flagged.connection,
            flagged.rule_id,
            rules.rule_version,
            flagged.record_type,
            flagged.record_key,
            flagged.owner_key,
            flagged.transition,
            rules.is_new_version and flagged.transition = 'appeared' as is_baseline,
            cast(null as varchar) as resolution,
            flagged.detected_value,
            flagged.money_at_risk,
            flagged.transition_number
        from flagged
        inner join
            rules
            on flagged.connection = rules.connection
            and flagged.rule_id = rules.rule_id
        -- What it looks at besides may hold what it misses: news wait until it was
        -- read.
        where rules.is_enabled and rules.has_complete_inputs
        union all
        select
            rules.data_as_of_at as transition_at,
            rules.run_id,
            vanished.connection,
            vanished.rule_id,
            rules.rule_version,
            vanished.record_type,
            vanished.record_key,
            vanished.owner_key,
            'gone' as transition,
            false as is_baseline,
            vanished.resolution,
            vanished.detected_value,
            vanished.money_at_risk,
            vanished.transition_number + 1 as transition_number
        from vanished
        inner join
            rules
            on vanished.connection = rules.connection
            and vanished.rule_id = rules.rule_id
    )

select *
from changes
