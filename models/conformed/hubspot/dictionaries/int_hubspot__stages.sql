with
    stages_in_shared_shape as (
        select *
        from {{ ref("int_hubspot__pipeline_stages") }}
        union all
        select *
        from {{ ref("int_hubspot__contact_lead_stages") }}
    )

select *
from stages_in_shared_shape
