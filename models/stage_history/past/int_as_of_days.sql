-- A table: looking days up is then a join on equality.
{{ config(materialized="table") }}
with
    reporting as (select * from {{ ref("int_reporting") }}),
    deals as (select * from {{ ref("int_deals") }} where not is_template),
    known_days as (
        select
            min(
                {{ local_date("deals.created_at", "reporting.time_zone") }}
            ) as first_date,
            max(
                {{ local_date("deals.captured_at", "reporting.time_zone") }}
            ) as last_date
        from deals
        cross join reporting
    ),
    complete_days as (
        select max(data_as_of_date) as last_date from {{ ref("int_data_as_of") }}
    ),
    bounds as (
        select
            -- Versions of deals reach back no further.
            greatest(known_days.first_date, cast('1900-01-01' as date)) as first_date,
            -- Where no cycle was ever complete, what was read last has to do.
            coalesce(complete_days.last_date, known_days.last_date) as last_date
        from known_days
        cross join complete_days
    ),
    days as (
        select {{ day_series("first_date", "last_date") }}, last_date
        from bounds
        where first_date <= last_date
    ),
    as_of_days as (
        select
            day as as_of_date,
            cast(date_trunc('month', day) as date) as period_month,
            day = last_date
            or extract(day from {{ day_before("day", "-1") }}) = 1 as is_month_end,
            day > {{ day_before("last_date", "400") }}
            or extract(day from {{ day_before("day", "-1") }}) = 1 as is_reported_day,
            day = last_date as is_last_day
        from days
    )

select *
from as_of_days
