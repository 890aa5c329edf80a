with
    options as (
        {% for record_type in ["deal", "lead", "contact", "company"] -%}
            select connection, option_code, option_label
            from {{ ref("stg_hubspot__" ~ record_type ~ "_property_options") }}
            where field_code = 'hs_analytics_source' {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    sources_in_shared_shape as (
        select
            {{ record_key("source", "option_code") }} as source_key,
            connection,
            option_code as native_id,
            coalesce(min(nullif(option_label, '')), option_code) as source_name,
            true as is_active
        from options
        group by connection, option_code
    )

select *
from sources_in_shared_shape
