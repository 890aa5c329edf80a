with
    contacts as (
        select contact_key, connection, owner_key, first_name, last_name
        from {{ ref("dim_contacts") }}
        where coalesce(first_name, last_name) is not null
    ),
    verdicts as (select * from {{ ref("int_name_verdicts") }}),
    placeholders as (
        select placeholder from {{ ref("name_placeholders") }} where scope <> 'filler'
    ),
    judged as (
        select
            contacts.contact_key,
            contacts.connection,
            contacts.owner_key,
            trim(
                coalesce(contacts.first_name, '')
                || ' '
                || coalesce(contacts.last_name, '')
            ) as full_name,
            first_names.words || ' ' || last_names.words as full_words,
            coalesce(first_names.is_placeholder, false)
            or coalesce(last_names.is_placeholder, false) as has_placeholder,
            -- Nobody is called so and nothing else.
            (contacts.last_name is null and first_names.is_placeholder_alone)
            or (contacts.first_name is null and last_names.is_placeholder_alone)
            or (
                first_names.words = last_names.words
                and first_names.is_placeholder_alone
            ) as is_placeholder_alone
        from contacts
        left join verdicts as first_names on contacts.first_name = first_names.name
        left join verdicts as last_names on contacts.last_name = last_names.name
    ),
    flagged as (
        select
            judged.contact_key as record_key,
            judged.connection,
            judged.owner_key,
            judged.full_name as detected_value,
            0 as money_at_risk
        from judged
        left join placeholders on judged.full_words = placeholders.placeholder
        where
            judged.has_placeholder
            or coalesce(judged.is_placeholder_alone, false)
            or placeholders.placeholder is not null
    ),
    findings as ({{ rule_findings("contact_name_placeholder", "contact", "flagged") }})

select *
from findings
