with
    options as (
        {% for record_type in ["deal", "lead", "contact", "company"] -%}
            select '{{ record_type }}' as record_type, *
            from
                {{ ref("stg_bitrix24__" ~ record_type ~ "_field_options") }}
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
    )

select *
from options_in_shared_shape
