with
    newest as ({{ newest_versions(source("hubspot", "exchange_rates")) }}),
    unpacked as (
        select
            connection,
            id as native_id,
            is_gone,
            {{
                unpack(
                    "payload",
                    [
                        "fromCurrencyCode",
                        "toCurrencyCode",
                        "conversionRate",
                        "effectiveAt",
                    ],
                )
            }}
        from newest
    ),
    typed as (
        select
            *,
            try_cast(conversionrate as decimal(20, 10)) as rate,
            {{ utc_timestamp("effectiveAt") }} as effective_at
        from unpacked
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,

            -- strings
            upper(fromcurrencycode) as from_currency,
            upper(tocurrencycode) as to_currency,
            {{
                unreadable_values(
                    [
                        ["conversionRate", "conversionrate", "rate"],
                        ["effectiveAt", "effectiveat", "effective_at"],
                    ]
                )
            }} as unreadable_values,

            -- numerics
            rate,

            -- booleans
            not is_gone as is_active,

            -- timestamps
            effective_at
        from typed
    )

select *
from renamed
