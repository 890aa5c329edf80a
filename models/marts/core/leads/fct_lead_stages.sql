with
    leads as (select * from {{ ref("fct_leads") }}),
    stages as (select * from {{ ref("dim_stages") }}),
    pipelines as (select * from {{ ref("dim_pipelines") }}),
    reached_stages as (select * from {{ ref("int_reached_stages") }}),
    stages_measured as (
        select
            leads.record_key,
            leads.lead_key,
            leads.connection,
            leads.record_type,
            leads.record_url,
            leads.title,
            reached_stages.pipeline_key,
            pipelines.pipeline_name,
            reached_stages.stage_key,
            stages.stage_name,
            stages.stage_kind,
            stages.position as stage_position,
            leads.owner_key,
            leads.owner_name,
            leads.department,
            {{ description_columns("leads") }},
            leads.created_date,
            reached_stages.first_entered_at,
            reached_stages.last_entered_at,
            reached_stages.last_open_count,
            {{ stage_measures("leads", "reached_stages") }}
        from reached_stages
        inner join leads on reached_stages.record_key = leads.record_key
        inner join stages on reached_stages.stage_key = stages.stage_key
        inner join pipelines on reached_stages.pipeline_key = pipelines.pipeline_key
    )
select *
from stages_measured
