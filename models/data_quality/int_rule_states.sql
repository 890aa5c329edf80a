with
    reads as (select * from {{ ref("int_record_type_reads") }}),
    last_baselines as (
        select
            connection,
            rule_id,
            max(transition_number) as transition_number,
            max_by(rule_version, transition_number) as rule_version
        from {{ ref("stg_dealhouse__dq_transitions") }}
        where transition = 'baseline'
        group by connection, rule_id
    ),
    -- A rule counts from the first time that its kind of record was read.
    rule_states as (
        select
            rules.connection,
            rules.rule_id,
            rules.rule_version,
            rules.record_type,
            enabled_rules.rule_id is not null as is_enabled,
            data_as_of.data_as_of_at,
            data_as_of.run_id,
            coalesce(last_baselines.transition_number, 0) as baseline_number,
            coalesce(last_baselines.rule_version, '')
            <> rules.rule_version as is_new_version,
            coalesce(enabled_rules.has_complete_inputs, true) as has_complete_inputs,
            reads.is_complete
            and coalesce(enabled_rules.has_complete_inputs, true) as is_read
        from {{ ref("int_rules") }} as rules
        inner join
            {{ ref("int_data_as_of") }} as data_as_of
            on rules.connection = data_as_of.connection
        inner join
            reads
            on rules.connection = reads.connection
            and rules.record_type = reads.record_type
        left join
            {{ ref("int_enabled_rules") }} as enabled_rules
            on rules.connection = enabled_rules.connection
            and rules.rule_id = enabled_rules.rule_id
        left join
            last_baselines
            on rules.connection = last_baselines.connection
            and rules.rule_id = last_baselines.rule_id
    )

select *
from rule_states
