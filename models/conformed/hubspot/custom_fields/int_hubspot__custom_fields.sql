with
    properties as (
        {% for record_type in ["deal", "lead", "contact", "company"] -%}
            select '{{ record_type }}' as record_type, *
            from {{ ref("stg_hubspot__" ~ record_type ~ "_properties") }}
            where is_custom {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    fields_in_shared_shape as (
        select
            {{ record_key_of("native_id") }} as custom_field_key,
            connection,
            record_type,
            native_id as field_code,
            coalesce(field_label, native_id) as field_label,
            case
                when native_type = 'bool' or input_type = 'booleancheckbox'
                then 'boolean'
                when native_type in ('number', 'date', 'datetime', 'enumeration')
                then native_type
                else 'string'
            end as field_type,
            coalesce(input_type = 'checkbox', false) as is_multiple,
            is_active
        from properties
    )

select *
from fields_in_shared_shape
