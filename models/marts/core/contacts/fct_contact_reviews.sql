with
    contacts as (select * from {{ ref("dim_contacts") }}),
    companies as (select company_key, company_name from {{ ref("dim_companies") }}),
    sources as (select source_key, source_name from {{ ref("dim_sources") }}),
    moments as (
        select
            connection,
            {{ dbt.date_trunc("month", "data_as_of_date") }} as this_month,
            {{
                dbt.date_trunc(
                    "month",
                    day_before(
                        dbt.cast(dbt.date_trunc("month", "data_as_of_date"), "date"),
                        1,
                    ),
                )
            }} as last_month
        from {{ ref("int_data_as_of") }}
    ),
    -- contact_email_malformed reads: email malformed.
    faults as (
        select
            record_key,
            {{
                dbt.listagg(
                    "replace(substr(rule_id, strpos(rule_id, '_') + 1), '_', ' ')",
                    "', '",
                    "order by rule_id",
                )
            }} as faults,
            count(*) as fault_count
        from {{ ref("dq_findings") }}
        where record_type = 'contact'
        group by record_key
    ),
    contact_reviews as (
        select
            contacts.contact_key,
            contacts.contact_key as record_key,
            contacts.connection,
            contacts.record_type,
            contacts.native_id,
            contacts.record_url,
            contacts.contact_name,
            contacts.job_title,
            contacts.company_key,
            companies.company_name,
            contacts.owner_key,
            contacts.owner_name,
            contacts.department,
            contacts.source_key,
            sources.source_name,
            contacts.phone,
            contacts.email,
            contacts.created_at,
            contacts.created_date,
            coalesce(
                contacts.created_date >= cast(moments.last_month as date)
                and contacts.created_date < cast(moments.this_month as date),
                false
            ) as is_created_last_month,
            faults.faults,
            cast(coalesce(faults.fault_count, 0) as bigint) as fault_count,
            faults.fault_count is null as is_clean,
            cast(1 as bigint) as contact_count,
            cast(
                case when faults.fault_count is null then 1 else 0 end as bigint
            ) as clean_contact_count
        from contacts
        left join moments on contacts.connection = moments.connection
        left join companies on contacts.company_key = companies.company_key
        left join sources on contacts.source_key = sources.source_key
        left join faults on contacts.contact_key = faults.record_key
    )

select *
from contact_reviews
