-- A table: what people wrote is searched once.
{{ config(materialized="table") }}
with
    contacts as (
        select *
        from {{ ref("int_contacts") }}
        where not is_deleted and not is_in_special_list
    ),
    regions as (select * from {{ ref("int_phone_home_regions") }}),
    text_fields as (
        select * from {{ ref("int_custom_fields") }} where field_type = 'string'
    ),
    texts as (
        {% for column in ["comments", "job_title", "first_name", "last_name"] -%}
            select
                contact_key, connection, {{ loop.index }} as place, {{ column }} as told
            from contacts
            where {{ may_mention_phone(column) }}
            union all
        {% endfor -%}
        select
            contacts.contact_key,
            contacts.connection,
            5 as place,
            stored.value_text as told
        from {{ ref("int_custom_field_values") }} as stored
        inner join text_fields on stored.custom_field_key = text_fields.custom_field_key
        inner join contacts on stored.record_key = contacts.contact_key
        where {{ may_mention_phone("stored.value_text") }}
    ),
    mentions as (
        select contact_key, connection, place, {{ phone_mentions("told") }} from texts
    ),
    judged as (
        select
            contact_key,
            connection,
            place,
            position,
            {{ text_extracted("element", mentioned_number()) }} as number_text,
            {{ is_phone_announced("element") }} as has_word,
            {{ is_phone_suggested("element") }} as has_hint,
            {{ is_other_number("element") }} as is_other
        from mentions
        where {{ may_mention_phone("element") }}
    ),
    comment_phones as (
        select
            judged.contact_key,
            judged.connection,
            coalesce(regions.region, '') as region,
            row_number() over (
                partition by judged.contact_key
                order by judged.place, judged.position, judged.number_text
            ) as position,
            judged.number_text,
            {{ text_replaced("judged.number_text", "[^0-9]+", "") }} as digits,
            {{ phone_grouping("judged.number_text") }} as grouping_style,
            judged.has_word
            or judged.has_hint
            or substr(judged.number_text, 1, 1) = '+' as is_announced
        from judged
        left join regions on judged.connection = regions.connection
        where not judged.is_other or judged.has_word
    )

select *
from comment_phones
