with
    companies as (
        select *
        from {{ ref("int_companies") }}
        where not is_deleted and not is_own_company and not is_in_special_list
    ),
    employees as (select * from {{ ref("dim_employees") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    companies_described as (
        select
            companies.company_key,
            companies.connection,
            companies.record_type,
            companies.native_id,
            companies.record_url,
            companies.company_name,
            companies.industry,
            companies.owner_key,
            owners.employee_name as owner_name,
            owners.department,
            companies.source_key,
            companies.country,
            companies.region,
            companies.city,
            companies.created_at,
            {{ local_date("companies.created_at", "reporting.time_zone") }}
            as created_date,
            companies.modified_at
        from companies
        cross join reporting
        left join employees as owners on companies.owner_key = owners.employee_key
    )

select *
from companies_described
