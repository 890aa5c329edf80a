with
    -- A deal and its amount count once, whatever is wrong with it: under its gravest
    -- issue.
    issues as (
        select
            *,
            row_number() over (
                partition by record_key
                order by
                    case severity when 'error' then 1 when 'warning' then 2 else 3 end,
                    rule_id
            ) as gravity_rank
        from {{ ref("dq_issues") }}
        where record_type = 'deal' and status in ('new', 'open', 'reopened')
    ),
    deals as (select * from {{ ref("fct_deals") }}),
    rules as (select * from {{ ref("int_rules") }}),
    data_as_of as (select * from {{ ref("int_data_as_of") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    deal_issues as (
        select
            issues.issue_key,
            issues.rule_id as cause,
            rules.title_en as cause_title,
            issues.severity,
            issues.detected_value,
            issues.status as issue_status,
            issues.first_seen_at,
            {{ local_date("issues.first_seen_at", "reporting.time_zone") }}
            as first_seen_date,
            {{
                days_between(
                    local_date("issues.first_seen_at", "reporting.time_zone"),
                    "data_as_of.data_as_of_date",
                )
            }} as days_seen,
            deals.deal_key,
            deals.record_key,
            deals.connection,
            deals.record_type,
            deals.record_url,
            deals.title,
            deals.pipeline_key,
            deals.pipeline_name,
            deals.stage_key,
            deals.stage_name,
            deals.status,
            deals.owner_key,
            deals.owner_name,
            deals.department,
            {{ description_columns("deals") }},
            deals.created_date,
            deals.expected_close_date,
            deals.open_amount,
            issues.gravity_rank = 1 as is_gravest,
            cast(1 as bigint) as issue_count,
            cast(
                case when issues.gravity_rank = 1 then 1 else 0 end as bigint
            ) as deal_count,
            case
                when issues.gravity_rank = 1 then deals.open_amount else 0
            end as amount_at_risk
        from issues
        inner join deals on issues.record_key = deals.record_key
        cross join reporting
        left join data_as_of on issues.connection = data_as_of.connection
        left join
            rules
            on issues.connection = rules.connection
            and issues.rule_id = rules.rule_id
    )

select *
from deal_issues
