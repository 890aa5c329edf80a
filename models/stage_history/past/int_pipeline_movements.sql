-- A table: it sorts all states. What happened to the open pipeline, at the rate of the
-- day before the month: another amount then, not another rate. A step from one place
-- into another is told twice, of the place left and of the place reached.
{{ config(materialized="table") }}
with
    rate_days as (select * from {{ ref("int_rate_days") }}),
    rates as (select * from {{ ref("int_daily_exchange_rates") }}),
    steps as (
        select
            steps.*,
            days.period_month,
            greatest(
                least({{ day_before("days.period_month", 1) }}, rate_days.last_date),
                rate_days.first_date
            ) as rate_date
        from {{ ref("int_deal_steps") }} as steps
        inner join
            {{ ref("int_as_of_days") }} as days on steps.moved_date = days.as_of_date
        cross join rate_days
    ),
    converted as (
        select
            steps.*,
            {{ money("coalesce(steps.from_amount * from_rates.rate, 0)") }}
            as from_converted,
            {{ money("coalesce(steps.to_amount * to_rates.rate, 0)") }} as to_converted
        from steps
        left join
            rates as from_rates
            on steps.connection = from_rates.connection
            and steps.from_currency = from_rates.currency
            and steps.rate_date = from_rates.rate_date
        left join
            rates as to_rates
            on steps.connection = to_rates.connection
            and steps.to_currency = to_rates.currency
            and steps.rate_date = to_rates.rate_date
    ),
    sides as (
        select true as is_left
        union all
        select false as is_left
    ),
    movements as (
        select
            converted.record_key,
            converted.period_month,
            case
                when sides.is_left
                then converted.from_pipeline_key
                else converted.to_pipeline_key
            end as pipeline_key,
            case
                when sides.is_left
                then converted.from_employee_key
                else converted.to_employee_key
            end as employee_key,
            {{ pipeline_movement("converted", "sides.is_left") }} as movement,
            -- A deal that is edited as it closes leaves with its new amount.
            case
                when
                    converted.from_kind = 'open'
                    and converted.to_kind not in ('won', 'lost')
                then converted.from_converted
                else converted.to_converted
            end as amount,
            -- Where it goes to another place, it is edited there.
            cast(
                case
                    when
                        converted.from_kind = 'open'
                        and not coalesce(converted.is_amount_first_known, false)
                        and (not sides.is_left or converted.to_kind in ('won', 'lost'))
                    then converted.to_converted - converted.from_converted
                    else 0
                end as decimal(28, 6)
            ) as difference,
            converted.is_amount_carried_back
        from converted
        inner join
            sides
            on (
                sides.is_left
                and converted.from_kind = 'open'
                and not converted.is_in_place
            )
            or (not sides.is_left and converted.to_kind = 'open')
    )

select *
from movements
