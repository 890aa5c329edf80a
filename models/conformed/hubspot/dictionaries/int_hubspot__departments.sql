with
    departments_in_shared_shape as (
        select
            {{ record_key("department", "native_id") }} as department_key,
            connection,
            native_id,
            team_name as department_name,
            -- Teams are told without the one above them.
            cast(null as varchar) as parent_key,
            cast(null as bigint) as sort_order,
            is_active
        from {{ ref("stg_hubspot__teams") }}
    )

select *
from departments_in_shared_shape
