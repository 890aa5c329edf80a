with
    accounts as (select * from {{ ref("stg_hubspot__account") }}),
    stages as (select * from {{ ref("int_hubspot__stages") }}),
    stage_kinds as (select * from {{ ref("lead_stage_kinds") }} where crm = 'hubspot'),
    leads as (
        select
            leads.connection,
            leads.native_id,
            '0-136' as object_type_id,
            'leads' as leads_from,
            leads.title,
            leads.pipeline_id,
            leads.stage_id,
            leads.owner_id,
            leads.source_code,
            leads.utm_source,
            leads.utm_medium,
            leads.utm_campaign,
            leads.utm_content,
            leads.utm_term,
            leads.loss_note,
            coalesce(leads.created_at, leads.modified_at) as created_at,
            leads.modified_at,
            leads.captured_at,
            leads.is_deleted,
            leads.deleted_at,
            leads.is_deleted_at_estimated,
            cast(null as varchar) as survivor_id
        from {{ ref("stg_hubspot__leads") }} as leads
        inner join
            {{ ref("int_connections") }} as connections
            on leads.connection = connections.connection
            and connections.leads_from = 'leads'
        union all
        select
            contacts.connection,
            contacts.native_id,
            '0-1' as object_type_id,
            contact_leads.leads_from,
            {{ person_name("contacts") }} as title,
            'main' as pipeline_id,
            contact_leads.stage_id,
            contacts.owner_id,
            contacts.source_code,
            contacts.utm_source,
            contacts.utm_medium,
            contacts.utm_campaign,
            contacts.utm_content,
            contacts.utm_term,
            cast(null as varchar) as loss_note,
            contact_leads.became_lead_at as created_at,
            contacts.modified_at,
            contacts.captured_at,
            contacts.is_deleted,
            contacts.deleted_at,
            contacts.is_deleted_at_estimated,
            merged.survivor_id
        from {{ ref("int_hubspot__contact_leads") }} as contact_leads
        inner join
            {{ ref("stg_hubspot__contacts") }} as contacts
            on contact_leads.connection = contacts.connection
            and contact_leads.contact_id = contacts.native_id
        left join
            {{ ref("int_hubspot__merged_records") }} as merged
            on contacts.connection = merged.connection
            and contacts.native_id = merged.merged_id
            and merged.record_type = 'contact'
    ),
    leads_in_shared_shape as (
        select
            {{ record_key("lead", "leads.native_id", "leads") }} as lead_key,
            leads.connection,
            'lead' as record_type,
            leads.native_id,
            {{ hubspot_url("leads.object_type_id", "leads.native_id") }} as record_url,
            leads.title,
            {{ pipeline_key("lead", "leads.pipeline_id", "leads") }} as pipeline_key,
            {{ stage_key("lead", "leads.pipeline_id", "leads.stage_id", "leads") }}
            as stage_key,
            coalesce(
                stages.stage_kind, stage_kinds.stage_kind, 'open'
            ) as crm_stage_kind,
            {{ record_key("employee", "leads.owner_id", "leads") }} as owner_key,
            cast(null as decimal(28, 6)) as amount,
            accounts.base_currency as currency,
            {{ record_key("source", "leads.source_code", "leads") }} as source_key,
            leads.utm_source,
            leads.utm_medium,
            leads.utm_campaign,
            leads.utm_content,
            leads.utm_term,
            cast(null as boolean) as is_repeat_in_crm,
            leads.loss_note,
            leads.created_at,
            leads.modified_at,
            cast(null as timestamp) as moved_at,
            leads.captured_at,
            cast(null as timestamp) as crm_closed_at,
            leads.is_deleted,
            leads.deleted_at,
            leads.is_deleted_at_estimated,
            {{ record_key("lead", "leads.survivor_id", "leads") }} as merged_into_key
        from leads
        left join accounts on leads.connection = accounts.connection
        left join
            stages
            on {{ stage_key("lead", "leads.pipeline_id", "leads.stage_id", "leads") }}
            = stages.stage_key
        left join
            stage_kinds
            on leads.leads_from = stage_kinds.leads_from
            and leads.stage_id = stage_kinds.stage_id
    )

select *
from leads_in_shared_shape
