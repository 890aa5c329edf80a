with
    lives as (
        select
            rule_id,
            record_key,
            max(connection) as connection,
            max(record_type) as record_type,
            min(transition_at) as first_seen_at,
            max(transition_at) as last_transition_at,
            max(
                case when transition = 'appeared' then transition_at end
            ) as last_appeared_at,
            count(case when transition = 'appeared' then 1 end) - 1 as reopened_count,
            max_by(transition, transition_number) = 'gone' as is_resolved,
            max_by(run_id, transition_number) filter (
                where transition <> 'reassigned'
            ) as run_id,
            max_by(is_baseline, transition_number) filter (
                where transition = 'appeared'
            ) as is_baseline,
            {% for text in ["resolution", "owner_key", "detected_value"] -%}
                nullif(
                    max_by(coalesce({{ text }}, ''), transition_number), ''
                ) as {{ text }},
            {% endfor %}
            max_by(money_at_risk, transition_number) as money_at_risk
        from {{ ref("int_transitions") }}
        where transition <> 'baseline'
        group by rule_id, record_key
    )

select *
from lives
