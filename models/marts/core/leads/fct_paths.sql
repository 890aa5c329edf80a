with
    leads as (select * from {{ ref("fct_leads") }}),
    deals as (
        select
            deals.*,
            leads.lead_key is not null as has_lead,
            coalesce(leads.lead_key, deals.deal_key) as path_key
        from {{ ref("fct_deals") }} as deals
        left join leads on deals.lead_key = leads.lead_key
    ),
    deals_of_paths as (
        select
            path_key,
            sum(deal_count) as deal_count,
            sum(lost_count) as lost_deal_count,
            max(created_at) as last_deal_created_at
        from deals
        group by path_key
    ),
    first_records as (
        select record_key, {{ path_columns("leads") }}, lost_count
        from leads
        union all
        select record_key, {{ path_columns("deals") }}, lost_count
        from deals
        where not has_lead
    ),
    paths as (
        select
            first_records.record_key as path_key,
            first_records.record_key,
            {{ path_columns("first_records") }},
            cast(coalesce(deals_of_paths.deal_count, 0) as bigint) as deal_count,
            deals_of_paths.last_deal_created_at,
            case
                when deals_of_paths.path_key is null
                then first_records.lost_count
                when deals_of_paths.deal_count = deals_of_paths.lost_deal_count
                then cast(1 as bigint)
                else cast(0 as bigint)
            end as lost_count
        from first_records
        left join deals_of_paths on first_records.record_key = deals_of_paths.path_key
    )

select *
from paths
