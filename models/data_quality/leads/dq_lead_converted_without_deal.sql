with
    leads as (select * from {{ ref("fct_lead_conditions") }}),
    flagged as (
        select
            leads.record_key,
            leads.connection,
            leads.owner_key,
            'converted, no deal' as detected_value,
            0 as money_at_risk
        from leads
        where leads.status = 'won' and leads.deal_count = 0
    ),
    findings as ({{ rule_findings("lead_converted_without_deal", "lead", "flagged") }})

select *
from findings
