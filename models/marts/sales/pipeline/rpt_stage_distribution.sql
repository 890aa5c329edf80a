{%- set measures = ["open_count", "open_amount", "weighted_amount"] -%}
-- A table. It holds what adding up its fact gives, and is not made so: laid out day by
-- day a million deals take ten minutes. What stands for some days enters on the first
-- and leaves after the last; the sum of it over the days is what is open.
-- depends_on: {{ ref("fct_deal_days") }}
{{ config(materialized="table") }}
with
    states as (select * from {{ ref("fct_deal_states") }}),
    days as (
        select
            as_of_date,
            is_reported_day,
            min(case when is_reported_day then as_of_date end) over (
                order by as_of_date rows between current row and unbounded following
            ) as reported_date
        from {{ ref("dim_as_of_days") }}
    ),
    -- Names and departments belong to their keys, so that the keys tell places apart.
    places as (
        select
            connection,
            pipeline_key,
            max(pipeline_name) as pipeline_name,
            stage_key,
            max(stage_name) as stage_name,
            max(stage_position) as stage_position,
            employee_key,
            max(employee_name) as employee_name,
            max(department) as department,
            source_key,
            max(source_name) as source_name,
            is_repeat,
            row_number() over (
                order by stage_key, employee_key, source_key, is_repeat, connection
            ) as place_number
        from states
        group by
            connection, pipeline_key, stage_key, employee_key, source_key, is_repeat
    ),
    spans as (
        select
            places.place_number,
            greatest(states.first_date, rates.first_date) as enters_date,
            {{
                day_before(
                    "least(states.last_date, rates.last_date, cast('9999-12-30' as date))",
                    -1,
                )
            }}
            as leaves_date,
            states.probability,
            {{ money("coalesce(states.amount * rates.rate, 0)") }} as open_amount
        from states
        inner join
            places
            on states.stage_key = places.stage_key
            and states.pipeline_key = places.pipeline_key
            and states.connection = places.connection
            and states.employee_key is not distinct from places.employee_key
            and states.source_key is not distinct from places.source_key
            and states.is_repeat is not distinct from places.is_repeat
        left join
            ({{ rate_runs(ref("dim_exchange_rates")) }}) as rates
            on states.connection = rates.connection
            and states.currency = rates.currency
            and states.first_date <= rates.last_date
            and states.last_date >= rates.first_date
    ),
    daily_flows as ({{ daily_flows("spans", "days") }}),
    levels as (
        select
            days.as_of_date,
            places.place_number
            {%- for measure in measures %}
                , sum(daily_flows.{{ measure }}) over until_day as {{ measure }}
            {%- endfor %}
        from places
        cross join days
        left join
            daily_flows
            on places.place_number = daily_flows.place_number
            and days.as_of_date = daily_flows.as_of_date
        where days.is_reported_day
        window
            until_day as (
                partition by places.place_number
                order by days.as_of_date
                rows between unbounded preceding and current row
            )
    )

select
    levels.as_of_date,
    places.connection,
    places.pipeline_key,
    places.pipeline_name,
    places.stage_key,
    places.stage_name,
    places.stage_position,
    places.employee_key,
    places.employee_name,
    places.department,
    places.source_key,
    places.source_name,
    places.is_repeat,
    cast(levels.open_count as bigint) as open_count,
    cast(levels.open_amount as decimal(28, 6)) as open_amount,
    cast(levels.weighted_amount as decimal(28, 6)) as weighted_amount
from levels
inner join places on levels.place_number = places.place_number
where levels.open_count > 0
