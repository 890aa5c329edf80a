{{ config(database=served_database(), materialized="table", access="public") }}
with
    rules as (select * from {{ ref("int_rules") }}),
    records as (
        select connection, record_type, count(*) as record_count
        from {{ ref("int_scored_records") }}
        group by connection, record_type
        union all
        select connection, 'any' as record_type, count(*) as record_count
        from {{ ref("int_scored_records") }}
        group by connection
    ),
    flagged as (
        select connection, rule_id, count(*) as flagged_count
        from {{ ref("dq_findings") }}
        group by connection, rule_id
    ),
    rules_with_counts as (
        select
            rules.rule_id,
            rules.connection,
            rules.record_type,
            rules.severity,
            rules.title_en,
            rules.title_ru,
            rules.why,
            rules.fix,
            rules.parameters,
            rules.threshold,
            rules.is_enabled,
            rules.rule_version,
            cast(coalesce(records.record_count, 0) as bigint) as record_count,
            cast(coalesce(flagged.flagged_count, 0) as bigint) as flagged_count
        from rules
        left join
            records
            on rules.connection = records.connection
            and rules.record_type = records.record_type
        left join
            flagged
            on rules.connection = flagged.connection
            and rules.rule_id = flagged.rule_id
    )

select *
from rules_with_counts
