{%- set landed = [
    ["deal", "stg_hubspot__deals", "record"],
    ["deal", "stg_hubspot__deal_property_history", "history"],
    ["lead", "stg_hubspot__leads", "record"],
    ["lead", "stg_hubspot__lead_property_history", "history"],
    ["contact", "stg_hubspot__contacts", "record"],
    ["contact", "stg_hubspot__contact_property_history", "history"],
] %}
with
    connections as (select * from {{ ref("int_connections") }}),
    landed as (
        {% for landed_as, model, entity_kind in landed -%}
            select
                connection,
                '{{ landed_as }}' as landed_as,
                {{ "native_id" if entity_kind == "record" else "object_id" }}
                as native_id,
                '{{ entity_kind }}' as entity_kind,
                {{ "last_load_id" if entity_kind == "record" else "load_id" }}
                as load_id
            from {{ ref(model) }} {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    -- Leads are records of their own or contacts, never both in one account.
    changed as (
        select
            landed.connection,
            case
                landed.landed_as when 'deal' then 'deal' else 'lead'
            end as record_type,
            landed.native_id,
            landed.entity_kind,
            landed.load_id
        from landed
        left join connections on landed.connection = connections.connection
        where
            landed.landed_as = 'deal'
            or (
                (landed.landed_as = 'lead')
                = (coalesce(connections.leads_from, 'leads') = 'leads')
            )
    ),
    changes as (
        select
            {{ record_key_of("native_id") }} as record_key,
            connection,
            record_type,
            entity_kind,
            load_id
        from changed
    )

select *
from changes
