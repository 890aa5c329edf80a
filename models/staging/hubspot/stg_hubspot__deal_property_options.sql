with
    newest as ({{ newest_versions(source("hubspot", "deal_properties")) }}),
    unpacked as (
        select connection, id as field_code, {{ unpack("payload", ["options"]) }}
        from newest
    ),
    elements as (
        select connection, field_code, {{ json_elements("options") }}
        from unpacked
        where options is not null
    ),
    options as (
        select
            connection,
            field_code,
            position,
            {{ unpack("element", ["value", "label"]) }}
        from elements
    ),
    renamed as (
        select
            connection,
            field_code,
            value as option_code,
            label as option_label,
            cast(position as bigint) as sort_order
        from options
    )

select *
from renamed
