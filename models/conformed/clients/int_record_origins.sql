-- Where each lead and deal came from: the first known source of its own, its lead's and
-- its primary contact's; a lead's is found the same way.
with
    records as (
        select
            lead_key as record_key,
            connection,
            'lead' as record_type,
            source_key,
            utm_source,
            utm_medium,
            utm_campaign,
            utm_content,
            utm_term,
            is_repeat_in_crm
        from {{ ref("int_leads") }}
        union all
        select
            deal_key as record_key,
            connection,
            'deal' as record_type,
            source_key,
            utm_source,
            utm_medium,
            utm_campaign,
            utm_content,
            utm_term,
            is_repeat_in_crm
        from {{ ref("int_deals") }}
    ),
    leads as (select * from {{ ref("int_leads") }} where not is_deleted),
    leads_of_deals as (
        select links.from_key as record_key, min(links.to_key) as lead_key
        from {{ ref("int_record_links") }} as links
        inner join leads on links.to_key = leads.lead_key
        where links.from_type = 'deal'
        group by links.from_key
    ),
    primary_contacts as (
        select record_key, client_key as contact_key
        from {{ ref("int_record_clients") }}
        where is_primary_contact
    ),
    origins as (
        select
            records.record_key,
            records.connection,
            records.record_type,
            leads_of_deals.lead_key,
            coalesce(
                records.source_key,
                leads.source_key,
                contacts_of_leads.source_key,
                contacts.source_key
            ) as source_key,
            records.utm_source,
            records.utm_medium,
            records.utm_campaign,
            records.utm_content,
            records.utm_term,
            records.is_repeat_in_crm
        from records
        left join leads_of_deals on records.record_key = leads_of_deals.record_key
        left join leads on leads_of_deals.lead_key = leads.lead_key
        left join primary_contacts on records.record_key = primary_contacts.record_key
        left join
            {{ ref("int_contacts") }} as contacts
            on primary_contacts.contact_key = contacts.contact_key
        left join
            primary_contacts as primary_contacts_of_leads
            on leads.lead_key = primary_contacts_of_leads.record_key
        left join
            {{ ref("int_contacts") }} as contacts_of_leads
            on primary_contacts_of_leads.contact_key = contacts_of_leads.contact_key
    )

select *
from origins
