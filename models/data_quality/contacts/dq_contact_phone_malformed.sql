with
    contacts as (
        select contact_key, connection, owner_key from {{ ref("int_contacts") }}
    ),
    -- A field of several numbers has several rows, and is one.
    malformed as (
        select distinct contact_key, position, phone_as_typed
        from {{ ref("int_contact_phones") }}
        where not is_possible
    ),
    flagged as (
        select
            contacts.contact_key as record_key,
            contacts.connection,
            contacts.owner_key,
            {{
                dbt.listagg(
                    "malformed.phone_as_typed", "'; '", "order by malformed.position"
                )
            }} as detected_value,
            0 as money_at_risk
        from malformed
        inner join contacts on malformed.contact_key = contacts.contact_key
        group by contacts.contact_key, contacts.connection, contacts.owner_key
    ),
    findings as ({{ rule_findings("contact_phone_malformed", "contact", "flagged") }})

select *
from findings
