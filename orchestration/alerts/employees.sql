-- One row per employee, with the keys and names of its department and of every
-- department above.
select
    employees.employee_key,
    employees.employee_name,
    employees.email,
    employees.is_active,
    list_concat(
        list(ancestors.department_key) filter (
            where ancestors.department_key is not null
        ),
        list(ancestors.department_name) filter (
            where ancestors.department_name is not null
        )
    ) as departments
from marts.dim_employees as employees
left join
    marts.bridge_department_tree as tree
    on employees.department_key = tree.department_key
left join
    marts.dim_departments as ancestors on tree.ancestor_key = ancestors.department_key
group by
    employees.employee_key,
    employees.employee_name,
    employees.email,
    employees.is_active
