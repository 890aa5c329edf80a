with
    contacts as (
        select contact_key, connection, owner_key, first_name, last_name
        from {{ ref("dim_contacts") }}
    ),
    right_words as (select word from {{ ref("lowercase_words") }}),
    -- Few contacts have names of their own: each name is looked at once.
    names as (
        select first_name as name
        from contacts
        union
        select last_name as name
        from contacts
    ),
    doubtful_names as (select name from names where {{ may_be_lowercase("name") }}),
    words as (select name, {{ name_words("name") }} from doubtful_names),
    small_words as (
        select name, lower({{ bare_word("element") }}) as word
        from words
        where {{ is_small_word("element") }}
    ),
    -- A name that is nothing but particles has a small letter where its capital should
    -- be.
    lowercase_names as (
        select small_words.name
        from small_words
        left join right_words on small_words.word = right_words.word
        where right_words.word is null or lower(small_words.name) = small_words.name
        group by small_words.name
    ),
    flagged as (
        select
            contacts.contact_key as record_key,
            contacts.connection,
            contacts.owner_key,
            trim(
                coalesce(contacts.first_name, '')
                || ' '
                || coalesce(contacts.last_name, '')
            ) as detected_value,
            0 as money_at_risk
        from contacts
        left join
            lowercase_names as first_names on contacts.first_name = first_names.name
        left join lowercase_names as last_names on contacts.last_name = last_names.name
        where coalesce(first_names.name, last_names.name) is not null
    ),
    findings as ({{ rule_findings("contact_name_lowercase", "contact", "flagged") }})

select *
from findings
