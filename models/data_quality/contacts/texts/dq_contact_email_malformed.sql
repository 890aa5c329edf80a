with
    contacts as (
        select contact_key, connection, owner_key from {{ ref("dim_contacts") }}
    ),
    malformed as (
        select
            contact_key,
            {{ dbt.listagg("email_as_typed", "'; '", "order by position") }}
            as detected_value
        from {{ ref("int_contact_emails") }}
        where not is_possible
        group by contact_key
    ),
    flagged as (
        select
            contacts.contact_key as record_key,
            contacts.connection,
            contacts.owner_key,
            malformed.detected_value,
            0 as money_at_risk
        from malformed
        inner join contacts on malformed.contact_key = contacts.contact_key
    ),
    findings as ({{ rule_findings("contact_email_malformed", "contact", "flagged") }})

select *
from findings
