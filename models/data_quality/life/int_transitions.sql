-- None is in both: what is new is told from what landed before.
with
    transitions as (
        {% for model in ["stg_dealhouse__dq_transitions", "dq_new_transitions"] -%}
            select
                transition_at,
                run_id,
                connection,
                rule_id,
                rule_version,
                record_type,
                record_key,
                owner_key,
                transition,
                is_baseline,
                resolution,
                detected_value,
                money_at_risk,
                transition_number
            from {{ ref(model) }} {{ "union all" if not loop.last }}
        {% endfor %}
    )

select *
from transitions
