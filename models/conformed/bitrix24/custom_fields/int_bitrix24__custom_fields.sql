with
    fields as (
        {% for record_type in ["deal", "lead", "contact", "company"] -%}
            select '{{ record_type }}' as record_type, *
            from {{ ref("stg_bitrix24__" ~ record_type ~ "_fields") }}
            where substr(native_id, 1, 3) = 'UF_' {{ "union all" if not loop.last }}
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
                when native_type in ('integer', 'double', 'money')
                then 'number'
                when native_type in ('date', 'datetime', 'boolean', 'enumeration')
                then native_type
                else 'string'
            end as field_type,
            coalesce(is_multiple, false) as is_multiple,
            is_active
        from fields
    )

select *
from fields_in_shared_shape
