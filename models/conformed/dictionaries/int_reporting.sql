with
    reporting as (
        select currency, time_zone, week_start, fiscal_year_start
        from {{ ref("stg_dealhouse__reporting") }}
    )

select *
from reporting
