-- A table: "now" of every model is read from here.
{{ config(materialized="table") }}
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
    last_cycles as (
        select connection, max(started_at) as data_as_of_at
        from cycles
        where whole_count = 1
        group by connection
    ),
    data_as_of as (
        select
            last_cycles.connection,
            last_cycles.data_as_of_at,
            {{ local_date("last_cycles.data_as_of_at", "reporting.time_zone") }}
            as data_as_of_date
        from last_cycles
        cross join {{ ref("int_reporting") }} as reporting
    )

select *
from data_as_of
