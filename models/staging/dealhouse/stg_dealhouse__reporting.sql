with
    ranked as (
        select *, row_number() over (order by landed_at desc) as version_rank
        from {{ source("dealhouse", "reporting") }}
    ),
    renamed as (
        select
            -- strings
            upper(currency) as currency,
            timezone as time_zone,
            lower(week_start) as week_start,

            -- numerics
            fiscal_year_start
        from ranked
        where version_rank = 1
    )

select *
from renamed
