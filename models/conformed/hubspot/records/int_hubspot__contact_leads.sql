-- A table: six models read it. Where an account has no leads of their own, a contact is
-- one since its lifecycle stage or lead status was first set.
{{ config(materialized="table") }}
with
    connections as (
        select
            connection,
            leads_from,
            case
                leads_from
                when 'lifecyclestage'
                then 'lifecyclestage'
                when 'lead_status'
                then 'hs_lead_status'
            end as property_name
        from {{ ref("int_connections") }}
        where crm = 'hubspot' and leads_from in ('lifecyclestage', 'lead_status')
    ),
    values_set as (
        select
            history.connection,
            history.object_id as contact_id,
            history.property_value as stage_id,
            history.set_at,
            row_number() over (
                partition by history.connection, history.object_id
                order by history.set_at desc, history.entry_number desc
            ) as last_rank,
            min(history.set_at) over (
                partition by history.connection, history.object_id
            ) as first_set_at
        from {{ ref("stg_hubspot__contact_property_history") }} as history
        inner join
            connections
            on history.connection = connections.connection
            and history.property_name = connections.property_name
        where history.property_value is not null and history.set_at is not null
    ),
    contacts as (
        select
            contacts.*,
            connections.leads_from,
            case
                connections.leads_from
                when 'lifecyclestage'
                then contacts.lifecycle_stage
                else contacts.lead_status
            end as present_stage_id
        from {{ ref("stg_hubspot__contacts") }} as contacts
        inner join connections on contacts.connection = connections.connection
    ),
    -- A contact whose status was cleared has been a lead all the same: it stands where
    -- it stood.
    contact_leads as (
        select
            contacts.connection,
            contacts.native_id as contact_id,
            contacts.leads_from,
            coalesce(contacts.present_stage_id, values_set.stage_id) as stage_id,
            coalesce(
                values_set.first_set_at, contacts.created_at, contacts.modified_at
            ) as became_lead_at
        from contacts
        left join
            values_set
            on contacts.connection = values_set.connection
            and contacts.native_id = values_set.contact_id
            and values_set.last_rank = 1
        where coalesce(contacts.present_stage_id, values_set.stage_id) is not null
    )

select *
from contact_leads
