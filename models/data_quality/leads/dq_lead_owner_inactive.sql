with
    leads as (select * from {{ ref("fct_lead_conditions") }}),
    flagged as (
        select
            leads.record_key,
            leads.connection,
            leads.owner_key,
            coalesce(leads.owner_name, leads.owner_key) as detected_value,
            0 as money_at_risk
        from leads
        where leads.status = 'open' and leads.is_owner_inactive
    ),
    findings as ({{ rule_findings("lead_owner_inactive", "lead", "flagged") }})

select *
from findings
