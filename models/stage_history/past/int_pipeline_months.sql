{%- set entries = ["created", "transferred_in", "reopened", "undeleted"] -%}
{%- set exits = ["transferred_out", "won", "lost", "deleted"] -%}
-- Opening, movements and closing of a month beside each other, in one row per deal
-- and place of the pipeline.
with
    balances as (select * from {{ ref("int_pipeline_balances") }}),
    lines as (
        select
            record_key,
            cast({{ day_before("as_of_date", -1) }} as date) as period_month,
            pipeline_key,
            employee_key,
            'opening' as movement,
            amount,
            cast(0 as decimal(28, 6)) as difference,
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
            cast(0 as decimal(28, 6)) as difference,
            is_amount_carried_back
        from balances
        union all
        select
            record_key,
            period_month,
            pipeline_key,
            employee_key,
            movement,
            amount,
            difference,
            is_amount_carried_back
        from {{ ref("int_pipeline_movements") }}
    ),
    months as (
        select
            record_key,
            period_month,
            pipeline_key,
            employee_key,
            {% for movement in ["opening", "closing"] + entries + exits -%}
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
            count(case when is_amount_carried_back then 1 end)
            > 0 as is_amount_carried_back
        from lines
        group by record_key, period_month, pipeline_key, employee_key
    )

select *
from months
