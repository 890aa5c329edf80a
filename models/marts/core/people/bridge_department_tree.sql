with recursive
    departments as (select * from {{ ref("dim_departments") }}),
    -- Departments that were put under each other in a circle end after twenty steps.
    ancestries as (
        select
            department_key,
            connection,
            department_key as ancestor_key,
            cast(0 as bigint) as distance
        from departments
        union all
        select
            ancestries.department_key,
            ancestries.connection,
            departments.parent_key as ancestor_key,
            ancestries.distance + 1 as distance
        from ancestries
        inner join departments on ancestries.ancestor_key = departments.department_key
        where departments.parent_key is not null and ancestries.distance < 20
    ),
    nearest as (
        select department_key, connection, ancestor_key, min(distance) as distance
        from ancestries
        group by department_key, connection, ancestor_key
    ),
    tree as (
        select
            department_key || '>' || ancestor_key as department_tree_key,
            department_key,
            connection,
            ancestor_key,
            distance
        from nearest
    )

select *
from tree
