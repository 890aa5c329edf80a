with
    issue_states as (
        select
            rule_id,
            record_key,
            max(connection) as connection,
            max(record_type) as record_type,
            max(transition_number) as transition_number,
            max_by(transition, transition_number) <> 'gone' as is_open,
            nullif(max_by(coalesce(owner_key, ''), transition_number), '') as owner_key,
            nullif(
                max_by(coalesce(detected_value, ''), transition_number), ''
            ) as detected_value,
            max_by(money_at_risk, transition_number) as money_at_risk
        from {{ ref("stg_dealhouse__dq_transitions") }}
        where transition <> 'baseline'
        group by rule_id, record_key
    )

select *
from issue_states
