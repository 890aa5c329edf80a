with
    deals as (
        select
            {{ record_key("deal", "native_id") }} as record_key,
            connection,
            'deal' as record_type,
            'record' as entity_kind,
            last_load_id as load_id
        from {{ ref("stg_bitrix24__deals") }}
    ),
    history as (
        select
            {{ record_key("deal", "deal_id") }} as record_key,
            connection,
            'deal' as record_type,
            'history' as entity_kind,
            load_id
        from {{ ref("stg_bitrix24__deal_stage_history") }}
    ),
    changes as (
        select *
        from deals
        union all
        select *
        from history
    )

select *
from changes
