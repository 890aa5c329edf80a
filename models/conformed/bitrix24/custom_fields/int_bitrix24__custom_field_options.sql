{%- set record_types = ["deal", "lead", "contact", "company"] -%}
with
    fields as (
        {% for record_type in record_types -%}
            select '{{ record_type }}' as record_type, *
            from
                {{ ref("stg_bitrix24__" ~ record_type ~ "_fields") }}
                {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    own_options as (
        {% for record_type in record_types -%}
            select '{{ record_type }}' as record_type, *
            from
                {{ ref("stg_bitrix24__" ~ record_type ~ "_field_options") }}
                {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    options as (
        select
            fields.*,
            own_options.option_code,
            own_options.option_label,
            own_options.sort_order
        from own_options
        inner join
            fields
            on own_options.connection = fields.connection
            and own_options.record_type = fields.record_type
            and own_options.field_code = fields.native_id
        union all
        select
            fields.*,
            words.word_code as option_code,
            words.word as option_label,
            words.sort_order
        from fields
        inner join
            {{ ref("int_bitrix24__dictionary_words") }} as words
            on fields.connection = words.connection
            and fields.dictionary_code = words.dictionary_code
        where fields.native_type = 'crm_status'
        union all
        select
            fields.*,
            employees.native_id as option_code,
            employees.employee_name as option_label,
            cast(null as bigint) as sort_order
        from fields
        inner join
            {{ ref("int_bitrix24__employees") }} as employees
            on fields.connection = employees.connection
        where fields.native_type in ('employee', 'user')
    ),
    ranked as (
        select
            *,
            row_number() over (
                partition by connection, record_type, field_code, option_code
                order by case when is_active then 0 else 1 end, native_id
            ) as name_rank
        from options
    ),
    options_in_shared_shape as (
        select
            {{ record_key_of("field_code") }} as custom_field_key,
            option_code,
            option_label,
            sort_order
        from ranked
        -- A portal that stops converting names shows the same field under another
        -- one.
        where name_rank = 1
    )

select *
from options_in_shared_shape
