{# Every rule has its line here and its model dq_<rule>. #}
{% macro rule_ids() -%}
    {{
        return(
            [
                "deal_without_activity",
                "deal_overdue_activity",
                "deal_close_date_past",
                "deal_close_date_missing",
                "deal_stalled",
                "deal_amount_missing",
                "deal_amount_negative",
                "deal_lost_without_reason",
                "deal_without_client",
                "deal_owner_inactive",
                "deal_history_disagrees",
                "lead_unworked",
                "lead_without_source",
                "lead_stuck",
                "lead_owner_inactive",
                "lead_converted_without_deal",
                "contact_unreachable",
                "contact_phone_malformed",
                "contact_phone_in_comments",
                "contact_email_malformed",
                "contact_name_lowercase",
                "contact_name_placeholder",
                "contact_last_name_missing",
                "contact_required_fields",
                "contact_duplicate",
                "record_value_unreadable",
            ]
        )
    }}
{%- endmacro %}
