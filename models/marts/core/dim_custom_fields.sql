with
    custom_fields as (
        select
            custom_field_key,
            connection,
            record_type,
            field_code,
            field_label,
            field_type,
            is_multiple,
            is_active
        from {{ ref("int_custom_fields") }}
    )

select *
from custom_fields
