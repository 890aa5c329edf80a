{%- set staged = {
    "deals": "stg_bitrix24__deals",
    "deal_stage_history": "stg_bitrix24__deal_stage_history",
    "currencies": "stg_bitrix24__currency_versions",
    "leads": "stg_bitrix24__leads",
    "lead_stage_history": "stg_bitrix24__lead_stage_history",
    "contacts": "stg_bitrix24__contacts",
    "companies": "stg_bitrix24__companies",
    "activities": "stg_bitrix24__activities",
    "tasks": "stg_bitrix24__tasks",
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
