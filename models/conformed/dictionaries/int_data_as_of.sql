-- A table: "now" of every model is read from here.
{{ config(materialized="table") }}
with
    last_cycles as (
        select
            connection,
            max(started_at) as data_as_of_at,
            max_by(run_id, {{ in_order(["started_at", "run_id"]) }}) as run_id
        from {{ ref("int_complete_cycles") }}
        group by connection
    ),
    data_as_of as (
        select
            last_cycles.connection,
            last_cycles.data_as_of_at,
            {{ local_date("last_cycles.data_as_of_at", "reporting.time_zone") }}
            as data_as_of_date,
            last_cycles.run_id
        from last_cycles
        cross join {{ ref("int_reporting") }} as reporting
    )

select *
from data_as_of
