with
    companies as (select * from {{ ref("stg_hubspot__companies") }}),
    accounts as (select * from {{ ref("stg_hubspot__account") }}),
    merged as (
        select *
        from {{ ref("int_hubspot__merged_records") }}
        where record_type = 'company'
    ),
    companies_in_shared_shape as (
        select
            {{ record_key("company", "companies.native_id", "companies") }}
            as company_key,
            companies.connection,
            'company' as record_type,
            companies.native_id,
            {{ hubspot_url("'0-2'", "companies.native_id") }} as record_url,
            coalesce(companies.company_name, companies.native_id) as company_name,
            companies.industry,
            {{ record_key("employee", "companies.owner_id", "companies") }}
            as owner_key,
            {{ record_key("source", "companies.source_code", "companies") }}
            as source_key,
            companies.country,
            companies.region,
            companies.city,
            -- The account itself does not stand among its companies.
            false as is_own_company,
            false as is_in_special_list,
            coalesce(companies.created_at, companies.modified_at) as created_at,
            companies.modified_at,
            companies.captured_at,
            companies.is_deleted,
            companies.deleted_at,
            companies.is_deleted_at_estimated,
            {{ record_key("company", "merged.survivor_id", "companies") }}
            as merged_into_key
        from companies
        left join accounts on companies.connection = accounts.connection
        left join
            merged
            on companies.connection = merged.connection
            and companies.native_id = merged.merged_id
    )

select *
from companies_in_shared_shape
