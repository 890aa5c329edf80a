with
    rules as (
        select
            rule_id,
            connection,
            record_type,
            severity,
            title_en,
            title_ru,
            why,
            fix,
            parameters,
            threshold,
            reads,
            is_enabled,
            rule_version
        from {{ ref("stg_dealhouse__dq_rules") }}
    )

select *
from rules
