-- A table: few names are shared by many contacts, and each is looked at once.
{{ config(materialized="table") }}
with
    contacts as (select first_name, last_name from {{ ref("dim_contacts") }}),
    placeholders as (select placeholder, scope from {{ ref("name_placeholders") }}),
    names as (
        select first_name as name
        from contacts
        where first_name is not null
        union
        select last_name as name
        from contacts
        where last_name is not null
    ),
    plain as (select name, {{ plain_words("name") }} as plain_words from names),
    worded as (select name, {{ in_one_alphabet("plain_words") }} as words from plain),
    bare as (
        select
            name,
            words,
            replace(words, ' ', '') as letters,
            {{ without_digits("words") }} as bare_words
        from worded
    ),
    -- A name of several words is looked at word by word.
    parts as (
        select name, {{ text_parts("bare_words", "' '") }}
        from bare
        where strpos(bare_words, ' ') > 0
    ),
    composed_names as (
        select parts.name
        from parts
        left join placeholders on parts.element = placeholders.placeholder
        group by parts.name
        having
            count(*) = count(placeholders.placeholder)
            and count(case when placeholders.scope = 'any' then 1 end) > 0
    ),
    verdicts as (
        select
            bare.name,
            bare.words,
            placeholders.scope = 'any'
            or (placeholders.scope = 'alone' and bare.words <> bare.bare_words)
            or composed_names.name is not null
            or {{ is_no_name("bare.name", "bare.words", "bare.letters") }}
            or {{ is_keyboard_run("bare.bare_words") }} as is_placeholder,
            placeholders.scope = 'alone' as is_placeholder_alone
        from bare
        left join placeholders on bare.bare_words = placeholders.placeholder
        left join composed_names on bare.name = composed_names.name
    ),
    settled as (
        select
            name,
            words,
            coalesce(is_placeholder, false) as is_placeholder,
            coalesce(is_placeholder_alone, false)
            -- One letter is an initial at best where letters have case.
            or (length(words) = 1 and upper(words) <> words)
            or name = 'AAA' as is_placeholder_alone
        from verdicts
    )

select *
from settled
