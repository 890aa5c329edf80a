with
    companies as (select * from {{ ref("stg_bitrix24__companies") }}),
    connections as (select * from {{ ref("int_connections") }}),
    places as (select * from {{ ref("int_bitrix24__places") }}),
    industries as (
        select *
        from {{ ref("int_bitrix24__dictionary_words") }}
        where dictionary_code = 'INDUSTRY'
    ),
    companies_in_shared_shape as (
        select
            {{ record_key("company", "companies.native_id", "companies") }}
            as company_key,
            companies.connection,
            'company' as record_type,
            companies.native_id,
            connections.portal_url
            || '/crm/company/details/'
            || companies.native_id
            || '/' as record_url,
            coalesce(companies.company_name, companies.native_id) as company_name,
            coalesce(industries.word, companies.industry_code) as industry,
            {{ record_key("employee", "companies.owner_id", "companies") }}
            as owner_key,
            {{ record_key("source", "companies.source_code", "companies") }}
            as source_key,
            places.country,
            places.region,
            places.city,
            companies.is_own_company,
            companies.is_in_special_list,
            coalesce(companies.created_at, companies.modified_at) as created_at,
            companies.modified_at,
            companies.captured_at,
            companies.is_deleted,
            companies.deleted_at,
            companies.is_deleted_at_estimated,
            cast(null as varchar) as merged_into_key
        from companies
        left join connections on companies.connection = connections.connection
        left join
            places
            on {{ record_key("company", "companies.native_id", "companies") }}
            = places.record_key
        left join
            industries
            on companies.connection = industries.connection
            and companies.industry_code = industries.word_code
    )

select *
from companies_in_shared_shape
