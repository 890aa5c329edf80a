with
    leads as (select * from {{ ref("int_leads") }} where not is_deleted),
    outcomes as (select * from {{ ref("int_record_outcomes") }}),
    stages as (select * from {{ ref("dim_stages") }}),
    pipelines as (select * from {{ ref("dim_pipelines") }}),
    employees as (select * from {{ ref("dim_employees") }}),
    rates as (select * from {{ ref("int_daily_exchange_rates") }}),
    descriptions as (select * from {{ ref("int_record_descriptions") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    deals_of_leads as (
        select
            lead_key,
            sum(deal_count) as deal_count,
            sum(won_count) as won_count,
            sum(won_amount) as won_amount
        from {{ ref("fct_deals") }}
        where lead_key is not null
        group by lead_key
    ),
    leads_measured as (
        select
            leads.lead_key,
            leads.lead_key as record_key,
            leads.connection,
            leads.record_type,
            leads.native_id,
            leads.record_url,
            leads.title,
            leads.pipeline_key,
            pipelines.pipeline_name,
            leads.stage_key,
            stages.stage_name,
            stages.stage_kind,
            stages.position as stage_position,
            outcomes.status,
            leads.owner_key,
            owners.employee_name as owner_name,
            owners.department,
            {{ description_columns("descriptions") }},
            leads.loss_note,
            leads.created_at,
            {{ local_date("leads.created_at", "reporting.time_zone") }} as created_date,
            leads.modified_at,
            {{ local_date("leads.modified_at", "reporting.time_zone") }}
            as modified_date,
            outcomes.closed_at,
            outcomes.closed_date,
            case
                when outcomes.status = 'won' then outcomes.closed_at
            end as converted_at,
            case
                when outcomes.status = 'won' then outcomes.closed_date
            end as converted_date,
            leads.amount,
            leads.currency,
            {{ money("leads.amount * rates.rate") }} as amount_converted,
            cast(1 as bigint) as created_count,
            cast(
                case outcomes.status when 'open' then 1 else 0 end as bigint
            ) as open_count,
            cast(
                case outcomes.status when 'won' then 1 else 0 end as bigint
            ) as converted_count,
            cast(
                case outcomes.status when 'lost' then 1 else 0 end as bigint
            ) as lost_count,
            cast(
                case outcomes.status when 'lost' then 0 else 1 end as bigint
            ) as quality_lead_count,
            cast(coalesce(deals_of_leads.deal_count, 0) as bigint) as deal_count,
            cast(coalesce(deals_of_leads.won_count, 0) as bigint) as won_count,
            {{ money("coalesce(deals_of_leads.won_amount, 0)") }} as won_amount,
            case
                when outcomes.status = 'won'
                then
                    greatest(
                        {{ seconds_between("leads.created_at", "outcomes.closed_at") }},
                        0
                    )
                else cast(0 as bigint)
            end as seconds_to_convert
        from leads
        inner join outcomes on leads.lead_key = outcomes.record_key
        left join stages on leads.stage_key = stages.stage_key
        left join pipelines on leads.pipeline_key = pipelines.pipeline_key
        cross join reporting
        left join employees as owners on leads.owner_key = owners.employee_key
        left join descriptions on leads.lead_key = descriptions.record_key
        left join deals_of_leads on leads.lead_key = deals_of_leads.lead_key
        left join
            rates
            on leads.connection = rates.connection
            and leads.currency = rates.currency
            and outcomes.rate_date = rates.rate_date
    )

select *
from leads_measured
