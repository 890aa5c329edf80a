with
    newest as ({{ newest_versions(source("bitrix24", "deal_fields")) }}),
    unpacked as (
        select
            connection,
            id as native_id,
            is_gone,
            {{ unpack("payload", ["title", "type", "isMultiple", "isDynamic"]) }}
        from newest
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,

            -- strings
            nullif(title, '') as field_label,
            type as native_type,

            -- booleans
            lower(ismultiple) in ('true', 'y', '1') as is_multiple,
            lower(isdynamic) in ('true', 'y', '1') as is_custom,
            not is_gone as is_active
        from unpacked
    )

select *
from renamed
