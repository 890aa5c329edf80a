with
    connections as (
        select
            connection,
            crm,
            portal_url,
            time_zone,
            closing_date_option,
            repeat_option,
            leads_from,
            loss_reason_field,
            competitor_field,
            required_fields,
            phone_region,
            sla_hours
        from {{ ref("stg_dealhouse__connections") }}
    )

select *
from connections
