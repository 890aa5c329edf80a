with
    contacts as (
        select *
        from {{ ref("int_contacts") }}
        where not is_deleted and not is_in_special_list
    ),
    points as (
        select *
        from {{ ref("int_contact_points") }}
        where record_type = 'contact' and point_type = 'phone'
    ),
    regions as (select * from {{ ref("int_phone_home_regions") }}),
    phone_fields as (
        select
            contacts.contact_key,
            contacts.connection,
            points.position,
            points.point_value as phone_as_typed,
            coalesce(regions.region, '') as region
        from points
        inner join contacts on points.record_key = contacts.contact_key
        left join regions on contacts.connection = regions.connection
    )

select *
from phone_fields
