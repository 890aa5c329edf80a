-- Over all rows, in money and in deals: nothing is lost between two months.
with
    months as (
        select
            period_month,
            sum(opening_count) as opening_count,
            sum(opening_amount) as opening_amount,
            sum(closing_count) as closing_count,
            sum(closing_amount) as closing_amount
        from {{ ref("fct_pipeline_months") }}
        group by period_month
    )

select months.*
from months
inner join
    months as months_before
    on months.period_month = cast(months_before.period_month + interval 1 month as date)
where
    months.opening_count <> months_before.closing_count
    or months.opening_amount <> months_before.closing_amount
