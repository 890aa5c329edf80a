with
    departments as (select * from {{ ref("int_departments") }}),
    departments_with_parents as (
        select
            departments.department_key,
            departments.connection,
            departments.native_id,
            departments.department_name,
            -- A parent that is not listed is none.
            parents.department_key as parent_key,
            departments.sort_order,
            departments.is_active
        from departments
        left join
            departments as parents on departments.parent_key = parents.department_key
    )

select *
from departments_with_parents
