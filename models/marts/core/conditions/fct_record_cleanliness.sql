with
    scorecards as (select * from {{ ref("dq_scorecards") }}),
    sources as (select * from {{ ref("dim_sources") }}),
    cleanliness as (
        select
            scorecards.week_start_date,
            scorecards.connection,
            scorecards.owner_key,
            scorecards.owner_name,
            scorecards.department,
            scorecards.source_key,
            sources.source_name,
            scorecards.record_count,
            scorecards.clean_record_count,
            scorecards.new_issue_count,
            scorecards.resolved_issue_count,
            scorecards.error_count,
            scorecards.warning_count,
            scorecards.info_count,
            scorecards.money_at_risk
        from scorecards
        left join sources on scorecards.source_key = sources.source_key
    )

select *
from cleanliness
