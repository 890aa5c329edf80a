with
    contacts as (
        select *
        from {{ ref("int_contacts") }}
        where not is_deleted and not is_in_special_list
    ),
    points as (
        select
            record_key,
            position,
            point_value,
            -- What holds no digit is no phone, what holds no at sign no address.
            case
                when point_type = 'phone'
                then {{ has_digit("point_value") }}
                else strpos(point_value, '@') > 0
            end as is_usable
        from {{ ref("int_contact_points") }}
        where record_type = 'contact'
    ),
    points_of_contacts as (
        select
            record_key,
            max(case when is_usable then 1 else 0 end) = 1 as is_reachable,
            {{ dbt.listagg("point_value", "'; '", "order by position") }} as typed
        from points
        group by record_key
    ),
    flagged as (
        select
            contacts.contact_key as record_key,
            contacts.connection,
            contacts.owner_key,
            points_of_contacts.typed as detected_value,
            0 as money_at_risk
        from contacts
        left join
            points_of_contacts on contacts.contact_key = points_of_contacts.record_key
        where not coalesce(points_of_contacts.is_reachable, false)
    ),
    findings as ({{ rule_findings("contact_unreachable", "contact", "flagged") }})

select *
from findings
