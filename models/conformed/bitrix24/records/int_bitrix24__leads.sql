with
    leads as (select * from {{ ref("stg_bitrix24__leads") }}),
    connections as (select * from {{ ref("int_connections") }}),
    base_currencies as (select * from {{ ref("int_bitrix24__base_currencies") }}),
    leads_in_shared_shape as (
        select
            -- ids
            {{ record_key("lead", "leads.native_id", "leads") }} as lead_key,
            leads.connection,
            'lead' as record_type,
            leads.native_id,
            connections.portal_url
            || '/crm/lead/details/'
            || leads.native_id
            || '/' as record_url,

            -- strings
            leads.title,
            {{ pipeline_key("lead", "'main'", "leads") }} as pipeline_key,
            {{ stage_key("lead", "'main'", "leads.stage_id", "leads") }} as stage_key,
            {{ bitrix24_stage_kind("leads.stage_semantics") }} as crm_stage_kind,
            {{ record_key("employee", "leads.owner_id", "leads") }} as owner_key,

            -- numerics
            leads.amount,
            coalesce(leads.currency, base_currencies.currency) as currency,

            -- where it came from, how it ended
            {{ record_key("source", "leads.source_code", "leads") }} as source_key,
            leads.utm_source,
            leads.utm_medium,
            leads.utm_campaign,
            leads.utm_content,
            leads.utm_term,
            leads.is_repeat as is_repeat_in_crm,
            leads.loss_note,

            -- timestamps
            coalesce(leads.created_at, leads.modified_at) as created_at,
            leads.modified_at,
            leads.moved_at,
            leads.captured_at,
            leads.closed_at as crm_closed_at,

            -- booleans
            leads.is_deleted,
            leads.deleted_at,
            leads.is_deleted_at_estimated,
            cast(null as varchar) as merged_into_key
        from leads
        left join connections on leads.connection = connections.connection
        left join base_currencies on leads.connection = base_currencies.connection
    )

select *
from leads_in_shared_shape
