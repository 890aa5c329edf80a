with
    ranked as (
        select
            *,
            row_number() over (
                partition by issue_key order by muted_at desc
            ) as version_rank
        from {{ source("dealhouse", "dq_mutes") }}
    ),
    renamed as (
        select
            -- ids
            issue_key,

            -- strings
            reason as mute_reason,
            muted_by,

            -- dates
            muted_until,

            -- timestamps
            muted_at
        from ranked
        where version_rank = 1
    )

select *
from renamed
