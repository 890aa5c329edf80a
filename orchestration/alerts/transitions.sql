-- Transitions that are published, from where a route has looked up to; a route's
-- first look takes the newest only.
with
    published as (
        select connection, max(data_as_of_at) as data_as_of_at
        from marts.publications
        group by connection
    ),
    landed as (
        select transitions.*
        from read_parquet($files, union_by_name = true) as transitions
        inner join published on transitions.connection = published.connection
        where
            transitions.transition_at >= $since
            and transitions.transition_at <= published.data_as_of_at
            and (
                transitions.transition in ('baseline', 'reassigned')
                or (transitions.transition = 'appeared' and not transitions.is_baseline)
                or (
                    transitions.transition = 'gone'
                    and coalesce(transitions.resolution, '') <> 'rule_changed'
                )
            )
    ),
    newest as (
        select connection, max(transition_at) as transition_at
        from landed
        group by connection
    ),
    looked_at as (
        select
            landed.connection,
            landed.transition_at,
            landed.transition,
            landed.rule_id,
            landed.record_key,
            landed.owner_key,
            landed.transition_number,
            landed.rule_id || ':' || landed.record_key as issue_key,
            md5(
                concat_ws(
                    '|',
                    landed.connection,
                    landed.rule_id,
                    landed.rule_version,
                    coalesce(landed.record_key, ''),
                    landed.transition,
                    landed.transition_at,
                    landed.transition_number
                )
            ) as news_key
        from landed
        inner join newest on landed.connection = newest.connection
        left join cursors on landed.connection = cursors.connection
        where
            (cursors.moment is null or landed.transition_at >= cursors.moment)
            and (not $is_first_look or landed.transition_at = newest.transition_at)
    ),
    -- Whose a record was is told by the transition before.
    passed_on as (
        select looked_at.news_key, any_value(before.owner_key) as previous_owner_key
        from looked_at
        inner join
            read_parquet($files, union_by_name = true) as before
            on looked_at.rule_id = before.rule_id
            and looked_at.record_key = before.record_key
            and looked_at.transition_number = before.transition_number + 1
        where looked_at.transition = 'reassigned'
        group by looked_at.news_key
    )

select
    looked_at.news_key,
    looked_at.connection,
    looked_at.transition_at,
    looked_at.transition,
    looked_at.rule_id,
    looked_at.issue_key,
    issues.severity,
    case
        when looked_at.transition = 'reassigned'
        then looked_at.owner_key
        else issues.owner_key
    end as owner_key,
    passed_on.previous_owner_key
from looked_at
left join passed_on on looked_at.news_key = passed_on.news_key
left join data_quality.dq_issues as issues on looked_at.issue_key = issues.issue_key
order by looked_at.transition_at, looked_at.news_key
