with
    ranked as (
        select
            *,
            row_number() over (
                partition by connection order by landed_at desc
            ) as version_rank
        from {{ source("dealhouse", "connections") }}
    ),
    renamed as (
        select
            -- ids
            connection,

            -- strings
            crm,
            portal_url,
            timezone as time_zone,
            coalesce(closing_date, 'history') as closing_date_option,

            -- booleans
            is_active
        from ranked
        where version_rank = 1
    )

select *
from renamed
