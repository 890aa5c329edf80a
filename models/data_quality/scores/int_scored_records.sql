-- What the share of clean records is of.
with
    records as (
        {% for model, key in [
            ("fct_deals", "deal_key"),
            ("fct_leads", "lead_key"),
            ("dim_contacts", "contact_key"),
        ] -%}
            select
                {{ key }} as record_key,
                connection,
                record_type,
                owner_key,
                source_key,
                created_date
            from {{ ref(model) }} {{ "union all" if not loop.last }}
        {% endfor %}
    )

select *
from records
