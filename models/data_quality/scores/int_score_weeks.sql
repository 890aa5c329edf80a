-- From the week in which the rules first looked at a connection to that of its last
-- data.
with
    reporting as (select * from {{ ref("int_reporting") }}),
    first_looks as (
        select connection, min(transition_at) as first_at
        from {{ ref("int_transitions") }}
        group by connection
    ),
    days as (
        select
            first_looks.connection,
            {{ local_date("first_looks.first_at", "reporting.time_zone") }}
            as first_date,
            data_as_of.data_as_of_date as last_date,
            reporting.week_start
        from first_looks
        inner join
            {{ ref("int_data_as_of") }} as data_as_of
            on first_looks.connection = data_as_of.connection
        cross join reporting
    ),
    bounds as (
        select
            connection,
            {{ week_start("first_date", "days") }} as first_week_start_date,
            {{ week_start("last_date", "days") }} as last_week_start_date
        from days
    ),
    series as (
        select
            connection,
            first_week_start_date,
            last_week_start_date,
            {{ day_series("first_week_start_date", "last_week_start_date") }}
        from bounds
    ),
    weeks as (
        select
            connection,
            day as week_start_date,
            first_week_start_date,
            last_week_start_date
        from series
        where {{ days_between("first_week_start_date", "day") }} % 7 = 0
    )

select *
from weeks
