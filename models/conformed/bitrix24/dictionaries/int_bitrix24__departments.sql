with
    departments_in_shared_shape as (
        select
            {{ record_key("department", "native_id") }} as department_key,
            connection,
            native_id,
            department_name,
            {{ record_key("department", "parent_id") }} as parent_key,
            sort_order,
            is_active
        from {{ ref("stg_bitrix24__departments") }}
    )

select *
from departments_in_shared_shape
