with
    periods as (select * from {{ ref("int_issue_periods") }}),
    events as (
        select
            record_key,
            connection,
            opened_week_start_date as week_start_date,
            count(*) as new_issue_count,
            cast(0 as bigint) as resolved_issue_count
        from periods
        group by record_key, connection, opened_week_start_date
        union all
        select
            record_key,
            connection,
            resolved_week_start_date as week_start_date,
            cast(0 as bigint) as new_issue_count,
            count(*) as resolved_issue_count
        from periods
        where resolved_week_start_date is not null
        group by record_key, connection, resolved_week_start_date
    ),
    weeks as (
        select
            record_key,
            connection,
            week_start_date,
            cast(sum(new_issue_count) as bigint) as new_issue_count,
            cast(sum(resolved_issue_count) as bigint) as resolved_issue_count
        from events
        group by record_key, connection, week_start_date
    ),
    open_issues as (
        select
            weeks.record_key,
            weeks.week_start_date,
            count(*) as issue_count,
            {% for severity in ["error", "warning", "info"] -%}
                count(
                    case when periods.severity = '{{ severity }}' then 1 end
                ) as {{ severity }}_count,
            {% endfor %}
            max(periods.money_at_risk) as money_at_risk
        from weeks
        inner join
            periods
            on weeks.record_key = periods.record_key
            and weeks.week_start_date >= periods.opened_week_start_date
            and (
                periods.resolved_week_start_date is null
                or weeks.week_start_date < periods.resolved_week_start_date
            )
        group by weeks.record_key, weeks.week_start_date
    ),
    record_weeks as (
        select
            weeks.record_key,
            weeks.connection,
            weeks.week_start_date,
            weeks.new_issue_count,
            weeks.resolved_issue_count,
            coalesce(open_issues.issue_count, 0) > 0 as is_dirty,
            coalesce(open_issues.error_count, 0) as error_count,
            coalesce(open_issues.warning_count, 0) as warning_count,
            coalesce(open_issues.info_count, 0) as info_count,
            coalesce(open_issues.money_at_risk, 0) as money_at_risk
        from weeks
        left join
            open_issues
            on weeks.record_key = open_issues.record_key
            and weeks.week_start_date = open_issues.week_start_date
    )

select *
from record_weeks
