-- A table: several rules read it.
{{ config(materialized="table") }}
with
    fields as (select * from {{ ref("int_phone_fields") }}),
    numbers as (select * from {{ ref("int_phone_numbers") }}),
    parts as (
        select
            parts.region,
            parts.phone_as_typed,
            parts.part,
            parts.number_text,
            numbers.e164_phone
        from {{ ref("int_phone_parts") }} as parts
        inner join
            numbers
            on parts.region = numbers.region
            and parts.number_text = numbers.number_text
        where numbers.e164_phone is not null
    ),
    contact_phones as (
        select
            fields.contact_key,
            fields.connection,
            fields.position,
            coalesce(parts.part, 1) as part,
            fields.phone_as_typed,
            coalesce(parts.number_text, fields.phone_as_typed) as number_text,
            nullif(fields.region, '') as region,
            numbers.is_possible,
            coalesce(numbers.e164_phone, parts.e164_phone) as e164_phone
        from fields
        inner join
            numbers
            on fields.region = numbers.region
            and fields.phone_as_typed = numbers.number_text
        -- A field that is one number is not taken apart.
        left join
            parts
            on fields.region = parts.region
            and fields.phone_as_typed = parts.phone_as_typed
            and numbers.e164_phone is null
    )

select *
from contact_phones
