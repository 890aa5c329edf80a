with
    connections as (
        select connection, crm, portal_url, time_zone, closing_date_option
        from {{ ref("stg_dealhouse__connections") }}
    )

select *
from connections
