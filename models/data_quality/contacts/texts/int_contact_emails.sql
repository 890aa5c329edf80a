-- A table: each address is looked at once, for several rules.
{{ config(materialized="table") }}
with
    addresses as (
        select
            record_key as contact_key,
            connection,
            position,
            point_value as email_as_typed,
            lower(point_value) as email
        from {{ ref("int_contact_points") }}
        where record_type = 'contact' and point_type = 'email'
    ),
    judged as (
        select
            contact_key,
            connection,
            position,
            email_as_typed,
            email,
            {{ is_email_address("email_as_typed") }} as is_possible
        from addresses
    )

select *
from judged
