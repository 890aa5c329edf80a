with
    stored as (
        {% for record_type in ["deal", "lead", "contact", "company"] -%}
            select
                '{{ record_type }}' as record_type,
                field_values.connection,
                field_values.native_id,
                fields.field_code,
                field_values.position,
                field_values.value_text,
                fields.native_type,
                fields.is_multiple
            from
                {{ ref("stg_bitrix24__" ~ record_type ~ "_custom_values") }}
                as field_values
            inner join
                {{ ref("stg_bitrix24__" ~ record_type ~ "_fields") }} as fields
                on field_values.connection = fields.connection
                and field_values.field_code = fields.native_id
            -- An empty multiple field may come as false.
            where
                not (fields.is_multiple and field_values.value_text = 'false')
                {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    values_in_shared_shape as (
        select
            {{ record_key_of("native_id") }} as record_key,
            {{ record_key_of("field_code") }} as custom_field_key,
            connection,
            record_type,
            field_code,
            position,
            value_text,
            -- Money is written as amount and currency: 1500|RUB.
            case
                when native_type = 'money'
                then replace(value_text, '|', ' ')
                else value_text
            end as value_words,
            case
                when native_type = 'money'
                then split_part(value_text, '|', 1)
                else value_text
            end as number_text
        from stored
    )

select *
from values_in_shared_shape
