-- A view: what publication landed counts in the next build, whatever that is caused by.
{{ config(materialized="view") }}
with
    renamed as (
        select
            -- ids
            run_id,
            connection,
            rule_id,
            record_key,
            owner_key,

            -- strings
            rule_version,
            record_type,
            transition,
            resolution,
            detected_value,

            -- numerics
            money_at_risk,
            transition_number,

            -- booleans
            is_baseline,

            -- timestamps
            transition_at
        from {{ source("dealhouse", "dq_transitions") }}
    )

select *
from renamed
