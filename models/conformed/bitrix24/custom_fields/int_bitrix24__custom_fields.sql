with
    fields as (
        {% for record_type in ["deal", "lead", "contact", "company"] -%}
            select '{{ record_type }}' as record_type, *
            from {{ ref("stg_bitrix24__" ~ record_type ~ "_fields") }}
            where
                substr(native_id, 1, 3) = 'UF_' or substr(native_id, 1, 5) = 'ufCrm'
                {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    -- A portal that stops converting names shows the same field under another one.
    ranked as (
        select
            *,
            row_number() over (
                partition by connection, record_type, field_code
                order by case when is_active then 0 else 1 end, native_id
            ) as name_rank
        from fields
    ),
    fields_in_shared_shape as (
        select
            {{ record_key_of("field_code") }} as custom_field_key,
            connection,
            record_type,
            field_code,
            coalesce(field_label, field_code) as field_label,
            case
                when native_type in ('integer', 'double')
                then 'number'
                -- Words of a dictionary and people are chosen from a list, too.
                when native_type in ('crm_status', 'employee', 'user')
                then 'enumeration'
                when
                    native_type
                    in ('money', 'date', 'datetime', 'boolean', 'enumeration')
                then native_type
                else 'string'
            end as field_type,
            coalesce(is_multiple, false) as is_multiple,
            is_active
        from ranked
        where name_rank = 1
    )

select *
from fields_in_shared_shape
