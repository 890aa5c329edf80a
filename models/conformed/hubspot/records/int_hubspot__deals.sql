with
    deals as (select * from {{ ref("stg_hubspot__deals") }}),
    accounts as (select * from {{ ref("stg_hubspot__account") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    deals_in_shared_shape as (
        select
            -- ids
            {{ record_key("deal", "deals.native_id", "deals") }} as deal_key,
            deals.connection,
            'deal' as record_type,
            deals.native_id,
            'https://'
            || accounts.portal_domain
            || '/contacts/'
            || accounts.portal_id
            || '/record/0-3/'
            || deals.native_id as record_url,

            -- strings
            deals.title,
            {{ pipeline_key("deal", "deals.pipeline_id", "deals") }} as pipeline_key,
            {{ stage_key("deal", "deals.pipeline_id", "deals.stage_id", "deals") }}
            as stage_key,
            case
                when deals.is_closed_won
                then 'won'
                when deals.is_closed_lost
                then 'lost'
                else 'open'
            end as crm_stage_kind,
            -- What a stage means may change later; what became of the deal does not.
            case
                when deals.is_closed_won
                then 'won'
                when deals.is_closed_lost
                then 'lost'
                when not deals.is_closed_won and not deals.is_closed_lost
                then 'open'
            end as status_in_crm,
            {{ record_key("employee", "deals.owner_id", "deals") }} as owner_key,

            -- numerics
            deals.amount,
            coalesce(deals.currency, accounts.base_currency) as currency,
            deals.probability,

            -- timestamps
            -- Midnight UTC is how HubSpot writes a day that was typed; no zone shifts
            -- it.
            case
                when deals.close_at = {{ dbt.date_trunc("day", "deals.close_at") }}
                then cast(deals.close_at as date)
                else {{ local_date("deals.close_at", "reporting.time_zone") }}
            end as expected_close_date,
            deals.close_at as crm_closed_at,
            coalesce(deals.created_at, deals.modified_at) as created_at,
            deals.modified_at,
            cast(null as timestamp) as moved_at,
            deals.captured_at,

            -- where it came from, how it ended
            {{ record_key("source", "deals.source_code", "deals") }} as source_key,
            deals.utm_source,
            deals.utm_medium,
            deals.utm_campaign,
            deals.utm_content,
            deals.utm_term,
            deals.is_repeat as is_repeat_in_crm,
            deals.loss_reason as loss_reason_in_crm,
            {{ record_key("deal", "merged.survivor_id", "deals") }} as merged_into_key,

            -- booleans
            false as is_template,
            deals.is_deleted,
            deals.deleted_at,
            deals.is_deleted_at_estimated
        from deals
        cross join reporting
        left join accounts on deals.connection = accounts.connection
        left join
            {{ ref("int_hubspot__merged_records") }} as merged
            on deals.connection = merged.connection
            and deals.native_id = merged.merged_id
            and merged.record_type = 'deal'
    )

select *
from deals_in_shared_shape
