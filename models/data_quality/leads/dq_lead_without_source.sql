with
    leads as (select * from {{ ref("fct_lead_conditions") }}),
    flagged as (
        select
            leads.record_key,
            leads.connection,
            leads.owner_key,
            'no source' as detected_value,
            0 as money_at_risk
        from leads
        where not leads.has_source
    ),
    findings as ({{ rule_findings("lead_without_source", "lead", "flagged") }})

select *
from findings
