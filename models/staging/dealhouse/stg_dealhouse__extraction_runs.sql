with
    renamed as (
        select
            -- ids
            run_id,
            connection,

            -- strings
            crm,
            entity,
            error as error_message,

            -- numerics
            "rows" as row_count,
            requests as request_count,
            quota_share,

            -- booleans
            is_complete,
            coalesce(is_required, true) as is_required,
            is_full_cycle,

            -- timestamps
            started_at,
            completed_at
        from {{ source("dealhouse", "extraction_runs") }}
    )

select *
from renamed
