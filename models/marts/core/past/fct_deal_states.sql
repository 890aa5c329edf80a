with
    states as (
        select *
        from {{ ref("int_deal_states") }}
        where stage_kind = 'open' and first_date <= last_date
    ),
    deals as (select * from {{ ref("int_deals") }}),
    stages as (select * from {{ ref("dim_stages") }}),
    pipelines as (select * from {{ ref("dim_pipelines") }}),
    employees as (select * from {{ ref("dim_employees") }}),
    descriptions as (select * from {{ ref("int_record_descriptions") }}),
    states_described as (
        select
            states.record_key,
            states.connection,
            deals.record_type,
            deals.record_url,
            deals.title,
            states.first_date,
            states.last_date,
            states.pipeline_key,
            pipelines.pipeline_name,
            states.stage_key,
            stages.stage_name,
            stages.position as stage_position,
            states.employee_key,
            employees.employee_name,
            employees.department,
            descriptions.source_key,
            descriptions.source_name,
            descriptions.is_repeat,
            states.is_owner_carried_back,
            states.amount,
            states.currency,
            states.is_amount_carried_back,
            states.probability
        from states
        inner join deals on states.record_key = deals.deal_key
        inner join stages on states.stage_key = stages.stage_key
        inner join pipelines on states.pipeline_key = pipelines.pipeline_key
        left join employees on states.employee_key = employees.employee_key
        left join descriptions on states.record_key = descriptions.record_key
    )

select *
from states_described
