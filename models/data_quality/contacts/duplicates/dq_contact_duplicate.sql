with
    flagged as (
        select
            contact_key as record_key,
            connection,
            owner_key,
            matching_grounds
            || '; one of '
            || cast(contact_count as varchar)
            || ' in cluster '
            || cluster_key as detected_value,
            0 as money_at_risk
        from {{ ref("dim_contact_clusters") }}
    ),
    findings as ({{ rule_findings("contact_duplicate", "contact", "flagged") }})

select *
from findings
