with
    contacts as (select * from {{ ref("stg_hubspot__contacts") }}),
    accounts as (select * from {{ ref("stg_hubspot__account") }}),
    merged as (
        select *
        from {{ ref("int_hubspot__merged_records") }}
        where record_type = 'contact'
    ),
    contacts_in_shared_shape as (
        select
            {{ record_key("contact", "contacts.native_id", "contacts") }}
            as contact_key,
            contacts.connection,
            'contact' as record_type,
            contacts.native_id,
            {{ hubspot_url("'0-1'", "contacts.native_id") }} as record_url,
            {{ person_name("contacts") }} as contact_name,
            contacts.first_name,
            contacts.last_name,
            contacts.job_title,
            contacts.comments,
            {{ record_key("employee", "contacts.owner_id", "contacts") }} as owner_key,
            {{ record_key("source", "contacts.source_code", "contacts") }}
            as source_key,
            contacts.utm_source,
            contacts.utm_medium,
            contacts.utm_campaign,
            contacts.utm_content,
            contacts.utm_term,
            contacts.country,
            contacts.region,
            contacts.city,
            false as is_in_special_list,
            coalesce(contacts.created_at, contacts.modified_at) as created_at,
            contacts.modified_at,
            contacts.captured_at,
            contacts.is_deleted,
            contacts.deleted_at,
            contacts.is_deleted_at_estimated,
            {{ record_key("contact", "merged.survivor_id", "contacts") }}
            as merged_into_key
        from contacts
        left join accounts on contacts.connection = accounts.connection
        left join
            merged
            on contacts.connection = merged.connection
            and contacts.native_id = merged.merged_id
    )

select *
from contacts_in_shared_shape
