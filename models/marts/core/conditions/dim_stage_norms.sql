with
    visits as (select * from {{ ref("fct_stage_visits") }} where not is_deleted),
    won_deals as (select * from {{ ref("fct_deals") }} where status = 'won'),
    stages as (
        select
            *,
            count(case when is_active then 1 end) over (
                partition by pipeline_key
            ) as open_stage_count
        from {{ ref("dim_stages") }}
        where record_type = 'deal' and stage_kind = 'open'
    ),
    -- What is usual: nine of ten stays of deals that are won now were over by then.
    stays as (
        select
            visits.stage_key,
            count(distinct visits.record_key) as won_deal_count,
            percentile_disc(0.9) within group (
                order by visits.duration_seconds
            ) as usual_seconds_in_stage
        from visits
        inner join won_deals on visits.record_key = won_deals.record_key
        where visits.stage_kind = 'open' and visits.duration_seconds is not null
        group by visits.stage_key
    ),
    norms as (
        select
            stages.stage_key,
            stages.pipeline_key,
            stages.connection,
            stages.stage_name,
            stages.position as stage_position,
            stages.open_stage_count,
            cast(coalesce(stays.won_deal_count, 0) as bigint) as won_deal_count,
            stays.usual_seconds_in_stage
        from stages
        left join stays on stages.stage_key = stays.stage_key
    )

select *
from norms
