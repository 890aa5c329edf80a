with
    contacts as (
        select contact_key, connection, owner_key from {{ ref("int_contacts") }}
    ),
    mentions as (select * from {{ ref("int_comment_phones") }}),
    numbers as (select * from {{ ref("int_phone_numbers") }} where is_of_region),
    -- A field that cannot be told to be a number of some country still has its digits.
    known_endings as (
        select contact_key, {{ phone_ending("e164_phone") }} as ending
        from {{ ref("int_contact_phones") }}
        where e164_phone is not null
        union
        select contact_key, {{ phone_ending("number_text") }} as ending
        from {{ ref("int_contact_phones") }}
    ),
    -- Without a word or a plus, only what is dialled like a number is one.
    told as (
        select
            mentions.contact_key,
            mentions.position,
            mentions.number_text,
            numbers.e164_phone
        from mentions
        inner join
            numbers
            on mentions.region = numbers.region
            and mentions.number_text = numbers.number_text
        where
            mentions.is_announced
            or mentions.grouping_style = 'phone'
            or (
                {{ has_dialled_prefix("mentions.digits", "numbers.e164_phone") }}
                and (
                    mentions.grouping_style = 'some'
                    or (
                        mentions.grouping_style = 'none' and length(mentions.digits) > 9
                    )
                )
            )
    ),
    unknown as (
        select
            told.contact_key,
            told.e164_phone,
            min(told.position) as position,
            min_by(told.number_text, told.position) as number_text
        from told
        left join
            known_endings
            on told.contact_key = known_endings.contact_key
            and {{ phone_ending("told.e164_phone") }} = known_endings.ending
        where known_endings.contact_key is null
        group by told.contact_key, told.e164_phone
    ),
    flagged as (
        select
            contacts.contact_key as record_key,
            contacts.connection,
            contacts.owner_key,
            {{
                dbt.listagg(
                    "unknown.number_text", "'; '", "order by unknown.position"
                )
            }} as detected_value,
            0 as money_at_risk
        from unknown
        inner join contacts on unknown.contact_key = contacts.contact_key
        group by contacts.contact_key, contacts.connection, contacts.owner_key
    ),
    findings as ({{ rule_findings("contact_phone_in_comments", "contact", "flagged") }})

select *
from findings
