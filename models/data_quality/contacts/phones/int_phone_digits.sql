with
    texts as (select region, number_text from {{ ref("int_phone_texts") }}),
    plain as (
        select
            region,
            number_text,
            -- Nobody's number has so many signs; libphonenumber does not read on
            -- either.
            case
                when length(number_text) <= 250
                then {{ plain_phone_signs("number_text") }}
            end as plain_text
        from texts
    ),
    written as (
        select
            region, number_text, {{ phone_as_written("plain_text") }} as written_number
        from plain
    ),
    number_alone as (
        select
            region,
            number_text,
            case
                when {{ is_phone_like("written_number") }}
                then {{ without_phone_extension("written_number") }}
            end as bare_number
        from written
    ),
    digits as (
        select
            region,
            number_text,
            coalesce(substr(bare_number, 1, 1) = '+', false) as has_plus,
            {{ phone_digits("bare_number", "number_text") }} as digits
        from number_alone
    )

select *
from digits
