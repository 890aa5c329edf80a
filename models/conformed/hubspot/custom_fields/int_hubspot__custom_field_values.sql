with
    stored as (
        select field_values.*, fields.is_multiple
        from {{ ref("stg_hubspot__deal_custom_values") }} as field_values
        inner join
            {{ ref("int_hubspot__custom_fields") }} as fields
            on field_values.connection = fields.connection
            and field_values.field_code = fields.field_code
    ),
    -- Several values of one property are one text: a;b;c
    separate as (
        select connection, native_id, field_code, position, value_text
        from stored
        where not is_multiple
        union all
        select connection, native_id, field_code, position, trim(element) as value_text
        from
            (
                select
                    connection,
                    native_id,
                    field_code,
                    {{ text_parts("value_text", "';'") }}
                from stored
                where is_multiple
            ) as parts
        where trim(element) <> ''
    ),
    values_in_shared_shape as (
        select
            {{ record_key("deal", "native_id") }} as record_key,
            {{ record_key("deal", "field_code") }} as custom_field_key,
            connection,
            'deal' as record_type,
            field_code,
            position,
            value_text
        from separate
    )

select *
from values_in_shared_shape
