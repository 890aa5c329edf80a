with
    ranked as (
        select
            *,
            row_number() over (
                partition by rule_id, connection order by landed_at desc
            ) as version_rank
        from {{ source("dealhouse", "dq_rules") }}
    ),
    renamed as (
        select
            -- ids
            rule_id,
            connection,

            -- strings
            record_type,
            severity,
            title_en,
            title_ru,
            why,
            fix,
            parameters,
            reads,
            rule_version,

            -- numerics
            threshold,

            -- booleans
            is_enabled
        from ranked
        where version_rank = 1
    )

select *
from renamed
