with
    cycles as (
        select
            connection,
            run_id,
            min(started_at) as started_at,
            min(
                case
                    when is_full_cycle and (is_complete or not is_required)
                    then 1
                    else 0
                end
            ) as whole_count
        from {{ ref("stg_dealhouse__extraction_runs") }}
        group by connection, run_id
    ),
    complete_cycles as (
        select
            connection,
            run_id,
            started_at,
            lag(started_at) over (
                partition by connection order by started_at, run_id
            ) as previous_started_at
        from cycles
        where whole_count = 1
    )

select *
from complete_cycles
