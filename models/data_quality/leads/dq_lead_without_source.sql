with
    leads as (select * from {{ ref("fct_lead_conditions") }}),
    -- Parts of a stamp from which no channel follows tell where a lead is from all the
    -- same.
    stamps as (
        select lead_key
        from {{ ref("int_leads") }}
        where coalesce(utm_campaign, utm_content, utm_term) is not null
    ),
    flagged as (
        select
            leads.record_key,
            leads.connection,
            leads.owner_key,
            'no source' as detected_value,
            0 as money_at_risk
        from leads
        left join stamps on leads.lead_key = stamps.lead_key
        where not leads.has_source and stamps.lead_key is null
    ),
    findings as ({{ rule_findings("lead_without_source", "lead", "flagged") }})

select *
from findings
