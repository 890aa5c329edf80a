with
    deals as (select * from {{ ref("fct_deals") }}),
    stages as (select * from {{ ref("dim_stages") }}),
    pipelines as (select * from {{ ref("dim_pipelines") }}),
    stages_reached as (
        select
            record_key,
            pipeline_key,
            stage_key,
            cast(1 as bigint) as reached_count,
            passed_on_count,
            last_open_count,
            completed_visits,
            total_seconds_in_stage
        from {{ ref("int_visited_stages") }}
        union all
        select
            record_key,
            pipeline_key,
            stage_key,
            cast(0 as bigint) as reached_count,
            cast(0 as bigint) as passed_on_count,
            cast(0 as bigint) as last_open_count,
            cast(0 as bigint) as completed_visits,
            cast(0 as bigint) as total_seconds_in_stage
        from {{ ref("int_filled_in_stages") }}
    ),
    stages_measured as (
        select
            deals.record_key,
            deals.deal_key,
            deals.connection,
            deals.record_type,
            deals.record_url,
            deals.title,
            stages_reached.pipeline_key,
            pipelines.pipeline_name,
            stages_reached.stage_key,
            stages.stage_name,
            stages.stage_kind,
            stages.position as stage_position,
            deals.owner_key,
            deals.owner_name,
            deals.created_date,
            stages_reached.reached_count,
            cast(1 as bigint) as reached_with_conversion_count,
            case
                when stages_reached.reached_count = 1
                then coalesce(deals.amount_converted, 0)
                else cast(0 as decimal(28, 6))
            end as reached_amount,
            stages_reached.passed_on_count,
            cast(
                case
                    when deals.stage_key = stages_reached.stage_key then 1 else 0
                end as bigint
            ) as current_count,
            case
                when deals.stage_key = stages_reached.stage_key
                then coalesce(deals.amount_converted, 0)
                else cast(0 as decimal(28, 6))
            end as current_amount,
            stages_reached.completed_visits,
            stages_reached.total_seconds_in_stage,
            case
                when deals.status = 'lost'
                then stages_reached.last_open_count
                else cast(0 as bigint)
            end as lost_from_here_count
        from stages_reached
        inner join deals on stages_reached.record_key = deals.record_key
        inner join stages on stages_reached.stage_key = stages.stage_key
        inner join pipelines on stages_reached.pipeline_key = pipelines.pipeline_key
    )

select *
from stages_measured
