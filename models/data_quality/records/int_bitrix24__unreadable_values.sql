{%- set types = {
    "deals": "deal",
    "leads": "lead",
    "contacts": "contact",
    "companies": "company",
    "activities": "activity",
    "tasks": "task",
    "currencies": "currency",
    "deal_stage_history": "deal",
    "lead_stage_history": "lead",
} -%}
with
    rejects as (select * from {{ ref("stg_bitrix24__rejects") }}),
    -- A row of history is mended, if at all, in the record that it is about.
    histories as (
        select
            'deal_stage_history' as entity, connection, native_id, deal_id as record_id
        from {{ ref("stg_bitrix24__deal_stage_history") }}
        where unreadable_values is not null
        union all
        select
            'lead_stage_history' as entity, connection, native_id, lead_id as record_id
        from {{ ref("stg_bitrix24__lead_stage_history") }}
        where unreadable_values is not null
    ),
    typed as (
        select
            rejects.connection,
            case
                rejects.entity
                {%- for entity, record_type in types.items() %}
                    when '{{ entity }}' then '{{ record_type }}'
                {%- endfor %}
            end as record_type,
            coalesce(histories.record_id, rejects.native_id) as native_id,
            rejects.field,
            rejects.value
        from rejects
        left join
            histories
            on rejects.entity = histories.entity
            and rejects.connection = histories.connection
            and rejects.native_id = histories.native_id
    ),
    values_in_shared_shape as (
        select
            {{ record_key_of("native_id") }} as record_key,
            connection,
            record_type,
            field,
            value
        from typed
    )

select *
from values_in_shared_shape
