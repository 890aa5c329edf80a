{%- set records = {
    "contact": "stg_bitrix24__contacts",
    "company": "stg_bitrix24__companies",
    "lead": "stg_bitrix24__leads",
} %}
with
    elements as (
        {% for record_type, model in records.items() -%}
            select
                connection,
                '{{ record_type }}' as record_type,
                native_id,
                {{ json_elements("contact_points") }}
            from {{ ref(model) }}
            where substr(contact_points, 1, 1) = '[' {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    unpacked as (
        select
            connection,
            record_type,
            native_id,
            position,
            {{ unpack("element", ["typeId", "valueType", "value"]) }}
        from elements
    ),
    -- Web addresses and accounts of messengers stand among them.
    points_in_shared_shape as (
        select
            {{ record_key_of("native_id") }}
            || ':'
            || cast(position as varchar) as contact_point_key,
            {{ record_key_of("native_id") }} as record_key,
            connection,
            record_type,
            case typeid when 'PHONE' then 'phone' else 'email' end as point_type,
            case
                when valuetype in ('WORK', 'MOBILE', 'HOME')
                then lower(valuetype)
                else 'other'
            end as value_type,
            trim(value) as point_value,
            cast(position as bigint) as position
        from unpacked
        where typeid in ('PHONE', 'EMAIL') and trim(value) <> ''
    )

select *
from points_in_shared_shape
