-- What each week adds to and takes from the scores: a running sum of it is the state at
-- the end of every week.
{%- set states = ["error_count", "warning_count", "info_count", "money_at_risk"] %}
with
    records as (select * from {{ ref("int_scored_records") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    last_owners as (
        select
            record_key,
            nullif(
                max_by(
                    coalesce(owner_key, ''),
                    {{ in_order(["transition_at", "transition_number"]) }}
                ),
                ''
            ) as owner_key
        from {{ ref("int_transitions") }}
        where transition <> 'baseline'
        group by record_key
    ),
    bounds as (
        select distinct connection, first_week_start_date, last_week_start_date
        from {{ ref("int_score_weeks") }}
    ),
    beside_the_week_before as (
        select
            *,
            {% for state in states -%}
                lag({{ state }}, 1, 0) over (
                    partition by record_key order by week_start_date
                ) as {{ state }}_before,
            {% endfor %}
            lag(is_dirty, 1, false) over (
                partition by record_key order by week_start_date
            ) as is_dirty_before
        from {{ ref("int_record_weeks") }}
    ),
    changes as (
        select
            weeks.connection,
            case
                when records.record_key is null
                then last_owners.owner_key
                else records.owner_key
            end as owner_key,
            records.source_key,
            weeks.week_start_date,
            cast(0 as bigint) as record_count,
            -- A deleted record is none of those counted.
            case
                when records.record_key is null
                then cast(0 as bigint)
                else cast(is_dirty as bigint) - cast(is_dirty_before as bigint)
            end as dirty_record_count,
            weeks.new_issue_count,
            weeks.resolved_issue_count,
            {% for state in states[:-1] -%}
                weeks.{{ state }} - weeks.{{ state }}_before as {{ state }},
            {% endfor %}
            {{ money("weeks.money_at_risk - weeks.money_at_risk_before") }}
            as money_at_risk
        from beside_the_week_before as weeks
        left join records on weeks.record_key = records.record_key
        left join last_owners on weeks.record_key = last_owners.record_key
        union all
        select
            records.connection,
            records.owner_key,
            records.source_key,
            greatest(
                least(
                    coalesce(
                        {{ week_start("records.created_date", "reporting") }},
                        bounds.first_week_start_date
                    ),
                    bounds.last_week_start_date
                ),
                bounds.first_week_start_date
            ) as week_start_date,
            cast(1 as bigint) as record_count,
            cast(0 as bigint) as dirty_record_count,
            cast(0 as bigint) as new_issue_count,
            cast(0 as bigint) as resolved_issue_count,
            {% for state in states[:-1] -%}
                cast(0 as bigint) as {{ state }},
            {% endfor %}
            {{ money("0") }} as money_at_risk
        from records
        cross join reporting
        inner join bounds on records.connection = bounds.connection
    )

select *
from changes
