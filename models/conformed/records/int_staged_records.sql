-- What moves through stages, whatever it is.
{%- set columns = [
    "connection",
    "record_type",
    "pipeline_key",
    "stage_key",
    "owner_key",
    "amount",
    "currency",
    "created_at",
    "modified_at",
    "moved_at",
    "captured_at",
    "crm_closed_at",
] %}
with
    staged_records as (
        select
            deal_key as record_key,
            {{ columns | join(", ") }},
            status_in_crm,
            is_template,
            is_deleted,
            deleted_at
        from {{ ref("int_deals") }}
        union all
        select
            lead_key as record_key,
            {{ columns | join(", ") }},
            cast(null as varchar) as status_in_crm,
            false as is_template,
            is_deleted,
            deleted_at
        from {{ ref("int_leads") }}
    )

select *
from staged_records
