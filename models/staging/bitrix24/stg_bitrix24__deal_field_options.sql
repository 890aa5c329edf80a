with
    newest as ({{ newest_versions(source("bitrix24", "deal_fields")) }}),
    unpacked as (
        select connection, id as field_code, {{ unpack("payload", ["items"]) }}
        from newest
    ),
    elements as (
        select connection, field_code, {{ json_elements("items") }}
        from unpacked
        where items is not null
    ),
    options as (
        select
            connection, field_code, position, {{ unpack("element", ["ID", "VALUE"]) }}
        from elements
    ),
    renamed as (
        select
            connection,
            field_code,
            id as option_code,
            value as option_label,
            cast(position as bigint) as sort_order
        from options
    )

select *
from renamed
