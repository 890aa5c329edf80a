{%- set types = {
    "deals": "deal",
    "leads": "lead",
    "contacts": "contact",
    "companies": "company",
    "calls": "call",
    "meetings": "meeting",
    "emails": "email",
    "tasks": "task",
    "notes": "note",
    "exchange_rates": "currency",
    "deal_property_history": "deal",
    "lead_property_history": "lead",
    "contact_property_history": "contact",
} -%}
with
    rejects as (select * from {{ ref("stg_hubspot__rejects") }}),
    -- The id of a row of history begins with that of its record.
    typed as (
        select
            connection,
            case
                entity
                {%- for entity, record_type in types.items() %}
                    when '{{ entity }}' then '{{ record_type }}'
                {%- endfor %}
            end as record_type,
            case
                when entity like '%_property_history'
                then split_part(native_id, ':', 1)
                else native_id
            end as native_id,
            field,
            value
        from rejects
    ),
    values_in_shared_shape as (
        select
            {{ record_key_of("native_id") }} as record_key,
            connection,
            record_type,
            field,
            value
        from typed
    )

select *
from values_in_shared_shape
