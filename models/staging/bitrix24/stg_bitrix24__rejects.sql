with
    deals as ({{ rejected_values(ref("stg_bitrix24__deals"), "deals") }}),
    history as (
        {{
            rejected_values(
                ref("stg_bitrix24__deal_stage_history"), "deal_stage_history"
            )
        }}
    ),
    currencies as (
        {{ rejected_values(ref("stg_bitrix24__currency_versions"), "currencies") }}
    ),
    rejects as (
        select *
        from deals
        union all
        select *
        from history
        union all
        select distinct *
        from currencies
    )

select *
from rejects
