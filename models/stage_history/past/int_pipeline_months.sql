{%- set moves = [
    "created",
    "transferred_in",
    "reopened",
    "undeleted",
    "transferred_out",
    "won",
    "lost",
    "deleted",
] -%}
{%- set ends = ["opening", "closing"] -%}
{%- set places = ["record_key", "period_month", "pipeline_key", "employee_key"] -%}
-- Opening, movements and closing of a month beside each other, in one row per deal
-- and place of the pipeline. Ends and movements are summed apart and then joined: all
-- sums in one grouping are more than DuckDB holds for millions of deals.
with
    balances as (select * from {{ ref("int_pipeline_balances") }}),
    movements as (select * from {{ ref("int_pipeline_movements") }}),
    lines as (
        select
            record_key,
            cast({{ day_before("as_of_date", -1) }} as date) as period_month,
            pipeline_key,
            employee_key,
            'opening' as movement,
            amount,
            is_amount_carried_back
        from balances
        where not is_last_day
        union all
        select
            record_key,
            period_month,
            pipeline_key,
            employee_key,
            'closing' as movement,
            amount,
            is_amount_carried_back
        from balances
    ),
    month_ends as (
        select
            record_key,
            period_month,
            pipeline_key,
            employee_key,
            {% for movement in ends -%}
                sum(
                    case when movement = '{{ movement }}' then amount else 0 end
                ) as {{ movement }}_amount,
                count(
                    case when movement = '{{ movement }}' then 1 end
                ) as {{ movement }}_count,
            {% endfor %}
            count(case when is_amount_carried_back then 1 end) as carried_back_count
        from lines
        group by record_key, period_month, pipeline_key, employee_key
    ),
    month_moves as (
        select
            record_key,
            period_month,
            pipeline_key,
            employee_key,
            {% for movement in moves -%}
                sum(
                    case when movement = '{{ movement }}' then amount else 0 end
                ) as {{ movement }}_amount,
                count(
                    case when movement = '{{ movement }}' then 1 end
                ) as {{ movement }}_count,
            {% endfor %}
            sum(
                case when difference > 0 then difference else 0 end
            ) as increased_amount,
            count(case when difference > 0 then 1 end) as increased_count,
            sum(
                case when difference < 0 then - difference else 0 end
            ) as decreased_amount,
            count(case when difference < 0 then 1 end) as decreased_count,
            count(case when is_amount_carried_back then 1 end) as carried_back_count
        from movements
        group by record_key, period_month, pipeline_key, employee_key
    ),
    months as (
        select
            {% for place in places -%}
                coalesce(
                    month_ends.{{ place }}, month_moves.{{ place }}
                ) as {{ place }},
            {% endfor %}
            {% for movement in ends -%}
                coalesce(month_ends.{{ movement }}_amount, 0) as {{ movement }}_amount,
                coalesce(month_ends.{{ movement }}_count, 0) as {{ movement }}_count,
            {% endfor %}
            {% for movement in moves + ["increased", "decreased"] -%}
                coalesce(month_moves.{{ movement }}_amount, 0) as {{ movement }}_amount,
                coalesce(month_moves.{{ movement }}_count, 0) as {{ movement }}_count,
            {% endfor %}
            coalesce(month_ends.carried_back_count, 0)
            + coalesce(month_moves.carried_back_count, 0)
            > 0 as is_amount_carried_back
        from month_ends
        full join
            month_moves
            on month_ends.record_key = month_moves.record_key
            and month_ends.period_month = month_moves.period_month
            -- A deal without an employee, or without a stage, has a place as well.
            and month_ends.pipeline_key is not distinct from month_moves.pipeline_key
            and month_ends.employee_key is not distinct from month_moves.employee_key
    )

select *
from months
