with
    options as (
        {% for record_type in ["deal", "lead", "contact", "company"] -%}
            select
                '{{ record_type }}' as record_type,
                options.connection,
                fields.field_code,
                options.option_code,
                options.option_label,
                options.sort_order,
                row_number() over (
                    partition by
                        options.connection, fields.field_code, options.option_code
                    order by
                        case when fields.is_active then 0 else 1 end, fields.native_id
                ) as name_rank
            from {{ ref("stg_bitrix24__" ~ record_type ~ "_field_options") }} as options
            inner join
                {{ ref("stg_bitrix24__" ~ record_type ~ "_fields") }} as fields
                on options.connection = fields.connection
                and options.field_code = fields.native_id
                {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    options_in_shared_shape as (
        select
            {{ record_key_of("field_code") }} as custom_field_key,
            option_code,
            option_label,
            sort_order
        from options
        -- A portal that stops converting names shows the same field under another
        -- one.
        where name_rank = 1
    )

select *
from options_in_shared_shape
