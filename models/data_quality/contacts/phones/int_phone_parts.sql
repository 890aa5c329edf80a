-- Fields that may hold several numbers; as a rule they do not.
with
    fields as (
        select distinct region, phone_as_typed
        from {{ ref("int_phone_fields") }}
        where {{ may_be_several_phones("phone_as_typed") }}
    ),
    parts as (
        select region, phone_as_typed, {{ phone_parts("phone_as_typed") }} from fields
    ),
    numbered as (
        select
            region,
            phone_as_typed,
            cast(position as bigint) as part,
            trim(element) as number_text
        from parts
        where trim(element) <> ''
    )

select *
from numbered
