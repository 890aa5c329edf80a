with
    deals as (select * from {{ ref("fct_deals") }}),
    stages as (select * from {{ ref("dim_stages") }}),
    pipelines as (select * from {{ ref("dim_pipelines") }}),
    reached_stages as (select * from {{ ref("int_reached_stages") }}),
    stages_measured as (
        select
            deals.record_key,
            deals.deal_key,
            deals.lead_key,
            deals.connection,
            deals.record_type,
            deals.record_url,
            deals.title,
            reached_stages.pipeline_key,
            pipelines.pipeline_name,
            reached_stages.stage_key,
            stages.stage_name,
            stages.stage_kind,
            stages.position as stage_position,
            deals.owner_key,
            deals.owner_name,
            deals.department,
            {{ description_columns("deals") }},
            deals.created_date,
            reached_stages.first_entered_at,
            reached_stages.last_entered_at,
            reached_stages.last_open_count,
            {{ stage_measures("deals", "reached_stages") }}
        from reached_stages
        inner join deals on reached_stages.record_key = deals.record_key
        inner join stages on reached_stages.stage_key = stages.stage_key
        inner join pipelines on reached_stages.pipeline_key = pipelines.pipeline_key
    )

select *
from stages_measured
