with
    listed as (
        select connection, trim(value_text) as field, min(position) as place
        from {{ ref("int_rule_parameters") }}
        where rule_id = 'contact_required_fields' and parameter = 'fields'
        group by connection, trim(value_text)
    ),
    custom_fields as (
        select connection, custom_field_key, field_code
        from {{ ref("int_custom_fields") }}
        where record_type = 'contact'
    ),
    contact_columns as (
        {% for column, other_names in requirable_contact_columns().items() -%}
            {%- set is_last = loop.last -%}
            {%- for name in [column] + other_names -%}
                select
                    '{{ column }}' as contact_column,
                    '{{ name }}' as field_name
                    {{ "union all" if not (is_last and loop.last) }}
            {% endfor %}
        {%- endfor %}
    ),
    required_fields as (
        select
            listed.connection || ':' || listed.field as required_field_key,
            listed.connection,
            listed.field,
            row_number() over (
                partition by listed.connection order by listed.place, listed.field
            ) as position,
            contact_columns.contact_column,
            custom_fields.custom_field_key,
            coalesce(contact_columns.contact_column, custom_fields.custom_field_key)
            is not null as is_known
        from listed
        left join contact_columns on lower(listed.field) = contact_columns.field_name
        left join
            custom_fields
            on listed.connection = custom_fields.connection
            and lower(listed.field) = lower(custom_fields.field_code)
    )

select *
from required_fields
