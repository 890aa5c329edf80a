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
            coalesce(repeat, 'computed') as repeat_option,
            coalesce(leads_from, 'leads') as leads_from,
            loss_reason as loss_reason_field,
            competitor as competitor_field,
            required_fields,
            phone_region,

            -- numerics
            sla_hours,

            -- booleans
            is_active
        from ranked
        where version_rank = 1
    )

select *
from renamed
