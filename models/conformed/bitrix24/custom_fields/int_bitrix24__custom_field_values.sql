with
    stored as (
        select field_values.*, fields.native_type, fields.is_multiple
        from {{ ref("stg_bitrix24__deal_custom_values") }} as field_values
        inner join
            {{ ref("stg_bitrix24__deal_fields") }} as fields
            on field_values.connection = fields.connection
            and field_values.field_code = fields.native_id
        -- An empty multiple field may come as false.
        where not (fields.is_multiple and field_values.value_text = 'false')
    ),
    values_in_shared_shape as (
        select
            {{ record_key("deal", "native_id") }} as record_key,
            {{ record_key("deal", "field_code") }} as custom_field_key,
            connection,
            'deal' as record_type,
            field_code,
            position,
            -- Money is written as amount and currency: 1500|RUB.
            case
                when native_type = 'money'
                then split_part(value_text, '|', 1)
                else value_text
            end as value_text
        from stored
    )

select *
from values_in_shared_shape
