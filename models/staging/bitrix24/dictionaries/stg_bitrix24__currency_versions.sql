-- Every version: the CRM knows only its present rates, so that their history is what
-- was captured.
with
    captures as (
        select distinct connection, id, extracted_at, _dlt_load_id as load_id, payload
        from {{ source("bitrix24", "currencies") }}
        where not is_deleted
    ),
    unpacked as (
        select captures.*, {{ unpack("payload", ["AMOUNT", "AMOUNT_CNT", "BASE"]) }}
        from captures
    ),
    typed as (
        select
            *,
            try_cast(amount as decimal(20, 10)) as rate,
            try_cast(amount_cnt as decimal(20, 10)) as unit_count
        from unpacked
    ),
    renamed as (
        select
            -- ids
            connection,
            id as native_id,
            upper(id) as currency,
            load_id,

            -- strings
            {{
                unreadable_values(
                    [
                        ["AMOUNT", "amount", "rate"],
                        ["AMOUNT_CNT", "amount_cnt", "unit_count"],
                    ]
                )
            }} as unreadable_values,

            -- numerics
            rate,
            unit_count,

            -- booleans
            coalesce({{ bitrix24_flag("base") }}, false) as is_base,

            -- timestamps
            extracted_at as captured_at
        from typed
    )

select *
from renamed
