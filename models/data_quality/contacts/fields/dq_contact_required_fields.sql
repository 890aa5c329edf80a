with
    contacts as (select * from {{ ref("dim_contacts") }}),
    required_fields as (
        select * from {{ ref("int_required_contact_fields") }} where is_known
    ),
    filled_in as (
        select distinct record_key, custom_field_key
        from {{ ref("int_custom_field_values") }}
        where record_type = 'contact' and {{ is_filled_in("value_text") }}
    ),
    empty_columns as (
        select
            contacts.contact_key,
            contacts.connection,
            contacts.owner_key,
            required_fields.field,
            required_fields.position
        from contacts
        inner join
            required_fields
            on contacts.connection = required_fields.connection
            and required_fields.contact_column is not null
        where
            not case
                required_fields.contact_column
                {%- for column in requirable_contact_columns() %}
                    when '{{ column }}' then {{ is_filled_in("contacts." ~ column) }}
                {%- endfor %}
            end
    ),
    empty_custom_fields as (
        select
            contacts.contact_key,
            contacts.connection,
            contacts.owner_key,
            required_fields.field,
            required_fields.position
        from contacts
        inner join
            required_fields
            on contacts.connection = required_fields.connection
            and required_fields.contact_column is null
        left join
            filled_in
            on contacts.contact_key = filled_in.record_key
            and required_fields.custom_field_key = filled_in.custom_field_key
        where filled_in.record_key is null
    ),
    empty_fields as (
        select *
        from empty_columns
        union all
        select *
        from empty_custom_fields
    ),
    flagged as (
        select
            contact_key as record_key,
            connection,
            owner_key,
            {{ dbt.listagg("field", "', '", "order by position") }} as detected_value,
            0 as money_at_risk
        from empty_fields
        group by contact_key, connection, owner_key
    ),
    findings as ({{ rule_findings("contact_required_fields", "contact", "flagged") }})

select *
from findings
