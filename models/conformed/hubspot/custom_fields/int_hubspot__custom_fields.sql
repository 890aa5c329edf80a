with
    fields_in_shared_shape as (
        select
            {{ record_key("deal", "native_id") }} as custom_field_key,
            connection,
            'deal' as record_type,
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
        from {{ ref("stg_hubspot__deal_properties") }}
        where is_custom
    )

select *
from fields_in_shared_shape
