-- By what a contact could be known again: the addresses that people share (info@)
-- count together with the name only.
with
    contacts as (
        select contact_key, connection, first_name, last_name, company_key
        from {{ ref("dim_contacts") }}
    ),
    emails as (
        select
            contact_key, email, split_part(split_part(email, '@', 1), '+', 1) as mailbox
        from {{ ref("int_contact_emails") }}
        where is_possible
    ),
    role_mailboxes as (select mailbox from {{ ref("role_mailboxes") }}),
    names as (
        select name, words
        from {{ ref("int_name_verdicts") }}
        where not is_placeholder and words <> ''
    ),
    -- First and last name stand in each other's place often.
    named as (
        select
            contacts.contact_key,
            contacts.company_key,
            least(first_names.words, last_names.words)
            || ' '
            || greatest(first_names.words, last_names.words) as full_name
        from contacts
        inner join names as first_names on contacts.first_name = first_names.name
        inner join names as last_names on contacts.last_name = last_names.name
    ),
    marks as (
        select contact_key, 'e-mail' as ground, email as mark
        from emails
        where mailbox not in (select mailbox from role_mailboxes)
        union
        select
            emails.contact_key,
            'e-mail' as ground,
            emails.email || ' ' || named.full_name as mark
        from emails
        inner join named on emails.contact_key = named.contact_key
        where emails.mailbox in (select mailbox from role_mailboxes)
        union
        select contact_key, 'phone' as ground, e164_phone as mark
        from {{ ref("int_contact_phones") }}
        where e164_phone is not null
        union
        select
            contact_key,
            'name and company' as ground,
            company_key || ' ' || full_name as mark
        from named
        where company_key is not null
    )

select marks.contact_key, contacts.connection, marks.ground, marks.mark
from marks
inner join contacts on marks.contact_key = contacts.contact_key
