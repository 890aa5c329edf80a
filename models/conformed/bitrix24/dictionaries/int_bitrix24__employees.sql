with
    employees_in_shared_shape as (
        select
            {{ record_key("employee", "native_id") }} as employee_key,
            connection,
            'employee' as record_type,
            native_id,
            {{ employee_name("first_name", "last_name") }} as employee_name,
            email,
            {{ record_key("department", "department_id") }} as department_key,
            is_active
        from {{ ref("stg_bitrix24__users") }}
    )

select *
from employees_in_shared_shape
