with
    contacts as (select * from {{ ref("stg_bitrix24__contacts") }}),
    connections as (select * from {{ ref("int_connections") }}),
    places as (select * from {{ ref("int_bitrix24__places") }}),
    contacts_in_shared_shape as (
        select
            {{ record_key("contact", "contacts.native_id", "contacts") }}
            as contact_key,
            contacts.connection,
            'contact' as record_type,
            contacts.native_id,
            connections.portal_url
            || '/crm/contact/details/'
            || contacts.native_id
            || '/' as record_url,
            {{ person_name("contacts", ["native_id"]) }} as contact_name,
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
            places.country,
            places.region,
            places.city,
            contacts.is_in_special_list,
            coalesce(contacts.created_at, contacts.modified_at) as created_at,
            contacts.modified_at,
            contacts.captured_at,
            contacts.is_deleted,
            contacts.deleted_at,
            contacts.is_deleted_at_estimated,
            cast(null as varchar) as merged_into_key
        from contacts
        left join connections on contacts.connection = connections.connection
        left join
            places
            on {{ record_key("contact", "contacts.native_id", "contacts") }}
            = places.record_key
    )

select *
from contacts_in_shared_shape
