with
    listed as (
        select employee_key, connection, native_id, employee_name, email, is_active
        from {{ ref("int_employees") }}
    ),
    named_by_records as (
        select connection, owner_key as employee_key
        from {{ ref("int_deals") }}
        union
        select connection, owner_key as employee_key
        from {{ ref("int_deal_versions") }}
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
    employees as (
        select *
        from listed
        union all
        select
            employee_key,
            connection,
            native_id,
            native_id as employee_name,
            cast(null as varchar) as email,
            false as is_active
        from unlisted
    )

select *
from employees
