-- A rule is silent until all that it looks at besides its own record was read once: a
-- connection without activities has no deals without activity.
with
    rules as (select * from {{ ref("int_rules") }} where is_enabled),
    reads as (select * from {{ ref("int_record_type_reads") }}),
    looked_at as (
        select rules.connection, rules.rule_id, {{ text_parts("rules.reads", "','") }}
        from rules
        where rules.reads <> ''
    ),
    inputs as (
        select
            looked_at.connection,
            looked_at.rule_id,
            count(reads.record_type) = count(*) as is_known,
            min(case when reads.is_complete then 1 else 0 end) = 1 as is_complete
        from looked_at
        left join
            reads
            on looked_at.connection = reads.connection
            and looked_at.element = reads.record_type
        group by looked_at.connection, looked_at.rule_id
    ),
    enabled_rules as (
        select
            rules.connection,
            rules.rule_id,
            coalesce(inputs.is_complete, true) as has_complete_inputs
        from rules
        left join
            inputs
            on rules.connection = inputs.connection
            and rules.rule_id = inputs.rule_id
        where coalesce(inputs.is_known, true)
    )

select *
from enabled_rules
