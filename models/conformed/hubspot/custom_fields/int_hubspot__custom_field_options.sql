with
    options_in_shared_shape as (
        select
            {{ record_key("deal", "field_code") }} as custom_field_key,
            option_code,
            option_label,
            sort_order
        from {{ ref("stg_hubspot__deal_property_options") }}
    )

select *
from options_in_shared_shape
