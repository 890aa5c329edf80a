-- From the year of the first deal or lead to the end of the year after the last dated
-- thing; typing errors outside 1990 to 2100 do not stretch it.
with
    reporting as (select * from {{ ref("int_reporting") }}),
    record_dates as (
        select {{ local_date("created_at", "reporting.time_zone") }} as calendar_date
        from {{ ref("int_staged_records") }}
        cross join reporting
        union all
        select closed_date as calendar_date
        from {{ ref("int_record_outcomes") }}
    ),
    bounds as (
        select
            date_trunc('year', min(calendar_date)) as first_date,
            date_trunc('year', max(calendar_date))
            + interval 2 year
            - interval 1 day as last_date
        from record_dates
        where
            calendar_date
            between cast('1990-01-01' as date) and cast('2100-12-31' as date)
    ),
    days as (
        select {{ day_series("first_date", "last_date") }}
        from bounds
        where first_date is not null
    ),
    numbered as (
        select
            days.day,
            {{ weekday("days.day") }} as weekday,
            reporting.fiscal_year_start,
            {{ weekday_number("reporting.week_start") }} as first_weekday
        from days
        cross join reporting
    ),
    dates as (
        select
            day as calendar_date,
            cast(
                {{ day_before("day", "(weekday - first_weekday + 7) % 7") }} as date
            ) as week_start_date,
            cast(date_trunc('month', day) as date) as month_start_date,
            cast(date_trunc('quarter', day) as date) as quarter_start_date,
            cast(date_trunc('year', day) as date) as year_start_date,
            -- A fiscal year is named after the calendar year that it ends in.
            cast(
                case
                    when
                        fiscal_year_start > 1
                        and extract(month from day) >= fiscal_year_start
                    then extract(year from day) + 1
                    else extract(year from day)
                end as integer
            ) as fiscal_year,
            cast(weekday as integer) as weekday,
            weekday >= 6 as is_weekend
        from numbered
    )

select *
from dates
