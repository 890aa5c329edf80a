{# The findings of every rule, one rule below the other. #}
{% macro union_of_rules() -%}
    {%- for rule_id in rule_ids() %}
        select
            rule_id,
            record_type,
            record_key,
            connection,
            owner_key,
            detected_value,
            money_at_risk
        from {{ ref("dq_" ~ rule_id) }} {{- " union all " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
