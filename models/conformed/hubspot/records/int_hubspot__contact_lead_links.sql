with
    contact_leads as (select * from {{ ref("int_hubspot__contact_leads") }}),
    contact_companies as (
        select associations.*
        from {{ ref("stg_hubspot__contact_associations") }} as associations
        inner join
            contact_leads
            on associations.connection = contact_leads.connection
            and associations.from_id = contact_leads.contact_id
        where associations.to_type = 'company' and associations.to_id is not null
    ),
    -- A deal comes from a lead when it is the contact's and was made once that was one.
    deals_of_leads as (
        select
            associations.connection,
            associations.from_id as deal_id,
            contact_leads.contact_id,
            associations.position
        from {{ ref("stg_hubspot__deal_associations") }} as associations
        left join
            {{ ref("int_hubspot__merged_records") }} as merged
            on associations.connection = merged.connection
            and associations.to_id = merged.merged_id
            and merged.record_type = 'contact'
        inner join
            contact_leads
            on associations.connection = contact_leads.connection
            and coalesce(merged.survivor_id, associations.to_id)
            = contact_leads.contact_id
            and associations.to_type = 'contact'
        inner join
            {{ ref("stg_hubspot__deals") }} as deals
            on associations.connection = deals.connection
            and associations.from_id = deals.native_id
            and deals.created_at >= contact_leads.became_lead_at
    ),
    links as (
        select
            connection,
            'lead' as from_type,
            contact_id as from_id,
            'contact' as to_type,
            contact_id as to_id,
            true as is_primary,
            cast(1 as bigint) as position,
            cast(null as varchar) as role
        from contact_leads
        union all
        select
            connection,
            'lead' as from_type,
            from_id,
            to_type,
            to_id,
            is_primary,
            position,
            role
        from contact_companies
        union all
        select
            connection,
            'deal' as from_type,
            deal_id as from_id,
            'lead' as to_type,
            contact_id as to_id,
            false as is_primary,
            position,
            cast(null as varchar) as role
        from deals_of_leads
    )

select *
from links
