-- Records that issues name, the deleted ones too: a resolved issue keeps its link.
with
    records as (
        {% for model, key, name in [
            ("int_deals", "deal_key", "title"),
            ("int_leads", "lead_key", "title"),
            ("int_contacts", "contact_key", "contact_name"),
            ("int_companies", "company_key", "company_name"),
        ] -%}
            select
                {{ key }} as record_key,
                record_url,
                {{ name }} as record_name,
                is_deleted,
                merged_into_key
            from {{ ref(model) }}
            union all
        {% endfor %}
        select
            activity_key as record_key,
            record_url,
            subject as record_name,
            is_deleted,
            cast(null as varchar) as merged_into_key
        from {{ ref("int_activities") }}
    )

select *
from records
