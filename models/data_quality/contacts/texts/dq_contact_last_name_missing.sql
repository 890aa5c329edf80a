with
    flagged as (
        select
            contact_key as record_key,
            connection,
            owner_key,
            coalesce(first_name, '') as detected_value,
            0 as money_at_risk
        from {{ ref("dim_contacts") }}
        where last_name is null
    ),
    findings as ({{ rule_findings("contact_last_name_missing", "contact", "flagged") }})

select *
from findings
