with
    deals as (select * from {{ ref("stg_bitrix24__deals") }}),
    connections as (select * from {{ ref("int_connections") }}),
    base_currencies as (select * from {{ ref("int_bitrix24__base_currencies") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    deals_in_shared_shape as (
        select
            -- ids
            {{ record_key("deal", "deals.native_id", "deals") }} as deal_key,
            deals.connection,
            'deal' as record_type,
            deals.native_id,
            connections.portal_url
            || '/crm/deal/details/'
            || deals.native_id
            || '/' as record_url,

            -- strings
            deals.title,
            {{ pipeline_key("deal", "deals.pipeline_id", "deals") }} as pipeline_key,
            {{ stage_key("deal", "deals.pipeline_id", "deals.stage_id", "deals") }}
            as stage_key,
            {{ bitrix24_stage_kind("deals.stage_semantics") }} as crm_stage_kind,
            cast(null as varchar) as status_in_crm,
            {{ record_key("employee", "deals.owner_id", "deals") }} as owner_key,

            -- numerics
            deals.amount,
            coalesce(deals.currency, base_currencies.currency) as currency,
            cast(deals.probability_percent * 0.01 as decimal(9, 6)) as probability,

            -- timestamps
            deals.close_date as expected_close_date,
            {{ utc_midnight("deals.close_date", "reporting.time_zone") }}
            as crm_closed_at,
            coalesce(deals.created_at, deals.modified_at) as created_at,
            deals.modified_at,
            deals.moved_at,
            deals.captured_at,

            -- where it came from, how it ended
            {{ record_key("source", "deals.source_code", "deals") }} as source_key,
            deals.utm_source,
            deals.utm_medium,
            deals.utm_campaign,
            deals.utm_content,
            deals.utm_term,
            deals.is_repeat as is_repeat_in_crm,
            cast(null as varchar) as loss_reason_in_crm,
            cast(null as varchar) as merged_into_key,

            -- booleans
            deals.is_template,
            deals.is_deleted,
            deals.deleted_at,
            deals.is_deleted_at_estimated
        from deals
        cross join reporting
        left join connections on deals.connection = connections.connection
        left join base_currencies on deals.connection = base_currencies.connection
    )

select *
from deals_in_shared_shape
