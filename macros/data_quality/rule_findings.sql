{# The last step of a rule: what it flagged, where the rule is on. `flagged` has record_key, connection,
   owner_key, detected_value and money_at_risk, a row per record; a column `record_type` where the type is `any`. #}
{% macro rule_findings(rule_id, record_type, flagged) -%}
    {%- set type_column = (
        "flagged.record_type"
        if record_type == "any"
        else "'" ~ record_type ~ "'"
    ) -%}
    select
        cast('{{ rule_id }}' as varchar) as rule_id,
        cast({{ type_column }} as varchar) as record_type,
        cast(flagged.record_key as varchar) as record_key,
        cast(flagged.connection as varchar) as connection,
        cast(flagged.owner_key as varchar) as owner_key,
        cast(substr(flagged.detected_value, 1, 200) as varchar) as detected_value,
        cast(coalesce(flagged.money_at_risk, 0) as decimal(28, 6)) as money_at_risk
    from {{ flagged }} as flagged
    inner join
        {{ ref("int_enabled_rules") }} as enabled_rules
        on flagged.connection = enabled_rules.connection
        and enabled_rules.rule_id = '{{ rule_id }}'
{%- endmacro %}
