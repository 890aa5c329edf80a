with
    deals as ({{ rejected_values(ref("stg_hubspot__deals"), "deals") }}),
    history as (
        {{
            rejected_values(
                ref("stg_hubspot__deal_property_history"), "deal_property_history"
            )
        }}
    ),
    rates as (
        {{ rejected_values(ref("stg_hubspot__exchange_rates"), "exchange_rates") }}
    ),
    rejects as (
        select *
        from deals
        union all
        select *
        from history
        union all
        select *
        from rates
    )

select *
from rejects
