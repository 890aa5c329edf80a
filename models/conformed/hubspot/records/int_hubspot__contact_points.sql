{#- [record type, model, type of the point, type of the value, column], in the order of the points -#}
{%- set told = [
    ["contact", "stg_hubspot__contacts", "phone", "work", "phone"],
    ["contact", "stg_hubspot__contacts", "phone", "mobile", "mobile_phone"],
    ["contact", "stg_hubspot__contacts", "email", "work", "email"],
    ["company", "stg_hubspot__companies", "phone", "work", "phone"],
] %}
with
    points as (
        {% for record_type, model, point_type, value_type, column in told -%}
            select
                connection,
                '{{ record_type }}' as record_type,
                native_id,
                '{{ point_type }}' as point_type,
                '{{ value_type }}' as value_type,
                {{ column }} as point_value,
                {{ loop.index }} as place,
                1 as position
            from {{ ref(model) }}
            where {{ column }} is not null
            union all
        {% endfor %}
        select
            connection,
            'contact' as record_type,
            native_id,
            'email' as point_type,
            'other' as value_type,
            trim(element) as point_value,
            {{ told | length + 1 }} as place,
            position
        from
            (
                select
                    connection, native_id, {{ text_parts("additional_emails", "';'") }}
                from {{ ref("stg_hubspot__contacts") }}
                where additional_emails is not null
            ) as additional
        where trim(element) <> ''
    ),
    numbered as (
        select
            {{ record_key_of("native_id") }} as record_key,
            connection,
            record_type,
            point_type,
            value_type,
            point_value,
            row_number() over (
                partition by connection, record_type, native_id order by place, position
            ) as position
        from points
    ),
    points_in_shared_shape as (
        select
            record_key || ':' || cast(position as varchar) as contact_point_key,
            record_key,
            connection,
            record_type,
            point_type,
            value_type,
            point_value,
            position
        from numbered
    )

select *
from points_in_shared_shape
