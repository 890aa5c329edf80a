with
    contacts as (
        select *
        from {{ ref("int_contacts") }}
        where not is_deleted and not is_in_special_list
    ),
    employees as (select * from {{ ref("dim_employees") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    primary_companies as (
        select from_key as contact_key, min(to_key) as company_key
        from {{ ref("int_record_links") }}
        where from_type = 'contact' and to_type = 'company' and is_primary
        group by from_key
    ),
    points as (
        select
            record_key,
            max_by(
                case when point_type = 'phone' then point_value end, - position
            ) filter (where point_type = 'phone') as phone,
            max_by(
                case when point_type = 'email' then point_value end, - position
            ) filter (where point_type = 'email') as email
        from {{ ref("int_contact_points") }}
        where record_type = 'contact'
        group by record_key
    ),
    contacts_described as (
        select
            contacts.contact_key,
            contacts.connection,
            contacts.record_type,
            contacts.native_id,
            contacts.record_url,
            contacts.contact_name,
            contacts.first_name,
            contacts.last_name,
            contacts.job_title,
            primary_companies.company_key,
            contacts.owner_key,
            owners.employee_name as owner_name,
            owners.department,
            contacts.source_key,
            contacts.utm_source,
            contacts.utm_medium,
            contacts.utm_campaign,
            contacts.utm_content,
            contacts.utm_term,
            contacts.country,
            contacts.region,
            contacts.city,
            points.phone,
            points.email,
            contacts.created_at,
            {{ local_date("contacts.created_at", "reporting.time_zone") }}
            as created_date,
            contacts.modified_at
        from contacts
        cross join reporting
        left join
            primary_companies on contacts.contact_key = primary_companies.contact_key
        left join points on contacts.contact_key = points.record_key
        left join employees as owners on contacts.owner_key = owners.employee_key
    )

select *
from contacts_described
