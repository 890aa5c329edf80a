{# Whether a text has digits enough for a telephone number: cheap, and true of few. #}
{% macro may_mention_phone(text) -%}
    {%- set sign = "(?:[^\\p{Nd}]|&nbsp;|&#160;|<[^>]{0,40}>)" -%}
    {{ text_matches(text, "(?:\\p{Nd}" ~ sign ~ "{0,3}){8}") }}
{%- endmacro %}

{# What people wrote, without markup, addresses of pages and mail, dates and times. #}
{% macro words_of_people(text) -%}
    {%- set called = text_replaced(
        plain_phone_signs(text),
        "(?i)<[^>]*\\bhref *= *[\"']?tel:",
        " tel: ",
    ) -%}
    {%- set bare = text_replaced(
        called,
        "<[^>]*>|\\[/?[A-Za-z][^\\]]*\\]|&nbsp;|&#160;",
        " ",
    ) -%}
    {%- set parts = [
        "https?://[^\\s]+",
        "[^\\s<>]+@[^\\s<>]+",
        "\\b[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)[0-9]{2}\\b",
        "\\b(?:19|20)[0-9]{2}[./-][0-9]{2}[./-][0-9]{2}\\b",
        "\\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\\b",
    ] -%}
    {{ text_replaced(bare, parts | join("|"), " ; ") }}
{%- endmacro %}

{# Runs of digits with up to two words before and a unit behind, one row each: columns position and element. #}
{% macro phone_mentions(text) -%}
    {%- set word = "[\\p{L}№#$€₽][\\p{L}\\p{M}№#/._-]*[ .:=–—-]*" -%}
    {%- set pattern = (
        "(?i)(?:"
        ~ word
        ~ "){0,2}"
        ~ mentioned_number()
        ~ "(?: ?"
        ~ unit_behind()
        ~ ")?"
    ) -%}
    {{ text_findings(words_of_people(text), pattern) }}
{%- endmacro %}

{# A run of digits as people group them. #}
{% macro mentioned_number() -%}
    {{ return("[+]?[(]?[0-9](?:[ \\x{A0}().‐-―-]{0,3}[0-9])*") }}
{%- endmacro %}

{# What stands behind an amount. #}
{% macro unit_behind() -%}
    {%- set short = (
        "(?:р|кг|км|кв|г|eur|usd|rub|pcs|kg|km|تومان|ریال)(?:[^\\p{L}]|$)"
    ) -%}
    {{
        return(
            "(?:[%₽$€£*]|,[0-9]{1,2}(?:[^0-9]|$)|(?:руб|тыс|млн|шт)[а-я.]*|"
            ~ short
            ~ ")"
        )
    }}
{%- endmacro %}

{# How digits are grouped: as in an amount or an address of the internet, as only telephone numbers are, not, or some
   other way. #}
{% macro phone_grouping(text) -%}
    {%- set dotted = "[0-9]{2}[.][0-9]{3}[.][0-9]{2}[.][0-9]{2}$" -%}
    {%- set other = "^[0-9]{1,3}(?:(?:[ .][0-9]{3})+|(?:[.][0-9]{1,3}){3})$" -%}
    {%- set pairs = "^[0-9]{3}[-. ][0-9]{3}[-. ][0-9]{2}[-. ][0-9]{2}$" -%}
    {%- set groups = (
        "^[0-9]{3}[-. ][0-9]{3}[-. ][0-9]{4}$|^[(][0-9]{2,5}[)]|" ~ pairs
    ) -%}
    case
        -- No address of the internet begins so high.
        when {{ text_matches(text, "^[3-9]" ~ dotted) }}
        then 'phone'
        when {{ text_matches(text, other) }}
        then 'other'
        when {{ text_matches(text, groups) }}
        then 'phone'
        when {{ text_matches(text, "^[0-9]+$") }}
        then 'none'
        else 'some'
    end
{%- endmacro %}
