with
    leads as (select * from {{ ref("fct_lead_conditions") }}),
    parameters as {{ rule_parameters("lead_stuck", ["days"]) }},
    flagged as (
        select
            leads.record_key,
            leads.connection,
            leads.owner_key,
            leads.stage_name
            || ' since '
            || cast(leads.entered_stage_date as varchar) as detected_value,
            0 as money_at_risk
        from leads
        inner join parameters on leads.connection = parameters.connection
        where leads.status = 'open' and leads.seconds_in_stage > parameters.days * 86400
    ),
    findings as ({{ rule_findings("lead_stuck", "lead", "flagged") }})

select *
from findings
