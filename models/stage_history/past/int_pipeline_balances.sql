-- Open deals at the ends of months, at the rate of the day: the closing of one month
-- and the opening of the next.
with
    rate_days as (select * from {{ ref("int_rate_days") }}),
    rates as (select * from {{ ref("int_daily_exchange_rates") }}),
    month_ends as (
        select
            days.as_of_date,
            days.period_month,
            days.is_last_day,
            greatest(
                least(days.as_of_date, rate_days.last_date), rate_days.first_date
            ) as rate_date
        from {{ ref("int_as_of_days") }} as days
        cross join rate_days
        where days.is_month_end
    ),
    balances as (
        select
            states.record_key,
            states.connection,
            month_ends.as_of_date,
            month_ends.period_month,
            month_ends.is_last_day,
            month_ends.rate_date,
            states.pipeline_key,
            states.employee_key,
            states.amount,
            states.currency,
            states.is_amount_carried_back
        from {{ ref("int_deal_states") }} as states
        inner join
            month_ends
            on month_ends.as_of_date >= states.first_date
            and month_ends.as_of_date <= states.last_date
        where states.stage_kind = 'open'
    ),
    converted as (
        select
            balances.record_key,
            balances.as_of_date,
            balances.period_month,
            balances.is_last_day,
            balances.pipeline_key,
            balances.employee_key,
            {{ money("coalesce(balances.amount * rates.rate, 0)") }} as amount,
            balances.is_amount_carried_back
        from balances
        left join
            rates
            on balances.connection = rates.connection
            and balances.currency = rates.currency
            and balances.rate_date = rates.rate_date
    )

select *
from converted
