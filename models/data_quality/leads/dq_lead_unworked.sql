with
    leads as (select * from {{ ref("fct_lead_conditions") }}),
    parameters as {{ rule_parameters("lead_unworked", ["hours"]) }},
    flagged as (
        select
            leads.record_key,
            leads.connection,
            leads.owner_key,
            'new since ' || cast(leads.created_date as varchar) as detected_value,
            0 as money_at_risk
        from leads
        inner join parameters on leads.connection = parameters.connection
        where
            leads.is_in_first_stage
            and not leads.has_touch
            and leads.seconds_since_created > parameters.hours * 3600
    ),
    findings as ({{ rule_findings("lead_unworked", "lead", "flagged") }})

select *
from findings
