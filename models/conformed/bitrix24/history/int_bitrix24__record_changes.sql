with
    landed as (
        select
            connection,
            'deal' as record_type,
            native_id,
            'record' as entity_kind,
            last_load_id as load_id
        from {{ ref("stg_bitrix24__deals") }}
        union all
        select
            connection,
            'deal' as record_type,
            deal_id as native_id,
            'history' as entity_kind,
            load_id
        from {{ ref("stg_bitrix24__deal_stage_history") }}
        union all
        select
            connection,
            'lead' as record_type,
            native_id,
            'record' as entity_kind,
            last_load_id as load_id
        from {{ ref("stg_bitrix24__leads") }}
        union all
        select
            connection,
            'lead' as record_type,
            lead_id as native_id,
            'history' as entity_kind,
            load_id
        from {{ ref("stg_bitrix24__lead_stage_history") }}
    ),
    changes as (
        select
            {{ record_key_of("native_id") }} as record_key,
            connection,
            record_type,
            entity_kind,
            load_id
        from landed
    )

select *
from changes
