with
    landed as (
        {% for record_type in ["deal", "lead", "contact", "company"] -%}
            select '{{ record_type }}' as record_type, *
            from
                {{ ref("stg_hubspot__" ~ record_type ~ "_custom_values") }}
                {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    stored as (
        select landed.*, fields.is_multiple
        from landed
        inner join
            {{ ref("int_hubspot__custom_fields") }} as fields
            on landed.connection = fields.connection
            and landed.record_type = fields.record_type
            and landed.field_code = fields.field_code
    ),
    -- Several values of one property are one text: a;b;c
    separate as (
        select connection, record_type, native_id, field_code, position, value_text
        from stored
        where not is_multiple
        union all
        select
            connection,
            record_type,
            native_id,
            field_code,
            position,
            trim(element) as value_text
        from
            (
                select
                    connection,
                    record_type,
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
            {{ record_key_of("native_id") }} as record_key,
            {{ record_key_of("field_code") }} as custom_field_key,
            connection,
            record_type,
            field_code,
            position,
            value_text,
            value_text as value_words,
            value_text as number_text
        from separate
    )

select *
from values_in_shared_shape
