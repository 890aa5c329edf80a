with
    listed as (
        select
            employee_key,
            connection,
            native_id,
            employee_name,
            email,
            department_key,
            is_active
        from {{ ref("int_employees") }}
    ),
    named_by_records as (
        select connection, owner_key as employee_key
        from {{ ref("int_staged_records") }}
        union
        select connection, owner_key as employee_key
        from {{ ref("int_deal_versions") }}
        union
        select connection, owner_key as employee_key
        from {{ ref("int_contacts") }}
        union
        select connection, owner_key as employee_key
        from {{ ref("int_companies") }}
        union
        select connection, employee_key
        from {{ ref("int_activities") }}
    ),
    -- Bots and integrations own deals, yet some CRMs do not list them: known by their
    -- ids.
    unlisted as (
        select
            named_by_records.employee_key,
            named_by_records.connection,
            substr(
                named_by_records.employee_key,
                length(named_by_records.connection || ':employee:') + 1
            ) as native_id
        from named_by_records
        left join listed on named_by_records.employee_key = listed.employee_key
        where named_by_records.employee_key is not null and listed.employee_key is null
    ),
    known as (
        select *
        from listed
        union all
        select
            employee_key,
            connection,
            native_id,
            native_id as employee_name,
            cast(null as varchar) as email,
            cast(null as varchar) as department_key,
            false as is_active
        from unlisted
    ),
    employees as (
        select
            known.employee_key,
            known.connection,
            known.native_id,
            known.employee_name,
            known.email,
            departments.department_key,
            departments.department_name as department,
            known.is_active
        from known
        left join
            {{ ref("dim_departments") }} as departments
            on known.department_key = departments.department_key
    )

select *
from employees
