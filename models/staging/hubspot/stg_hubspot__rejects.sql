{%- set staged = {
    "deals": "stg_hubspot__deals",
    "deal_property_history": "stg_hubspot__deal_property_history",
    "exchange_rates": "stg_hubspot__exchange_rates",
    "leads": "stg_hubspot__leads",
    "lead_property_history": "stg_hubspot__lead_property_history",
    "contacts": "stg_hubspot__contacts",
    "contact_property_history": "stg_hubspot__contact_property_history",
    "companies": "stg_hubspot__companies",
    "calls": "stg_hubspot__calls",
    "meetings": "stg_hubspot__meetings",
    "emails": "stg_hubspot__emails",
    "tasks": "stg_hubspot__tasks",
    "notes": "stg_hubspot__notes",
} %}
with
    rejects as (
        {% for entity, model in staged.items() -%}
            select distinct *
            from
                ({{ rejected_values(ref(model), entity) }}) as rejected
                {{ "union all" if not loop.last }}
        {% endfor %}
    )

select *
from rejects
