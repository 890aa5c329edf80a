{{ config(post_hook="{{ create_custom_field_views() }}") }}
-- The hook makes a wide view per connection and kind of record for BI tools.
with
    records as (
        select record_key
        from {{ ref("fct_deals") }}
        union all
        select record_key
        from {{ ref("fct_leads") }}
        union all
        select contact_key as record_key
        from {{ ref("dim_contacts") }}
        union all
        select company_key as record_key
        from {{ ref("dim_companies") }}
    ),
    fields as (select custom_field_key from {{ ref("dim_custom_fields") }}),
    field_values as (
        select
            field_values.custom_field_value_key,
            field_values.custom_field_key,
            field_values.record_key,
            field_values.connection,
            field_values.record_type,
            field_values.field_code,
            field_values.position,
            field_values.value_text,
            field_values.value_label,
            field_values.value_number,
            field_values.value_date,
            field_values.value_at,
            field_values.value_boolean
        from {{ ref("int_custom_field_values") }} as field_values
        inner join records on field_values.record_key = records.record_key
        inner join fields on field_values.custom_field_key = fields.custom_field_key
    )

select *
from field_values
