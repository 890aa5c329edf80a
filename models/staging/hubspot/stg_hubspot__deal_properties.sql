with
    newest as ({{ newest_versions(source("hubspot", "deal_properties")) }}),
    unpacked as (
        select
            connection,
            id as native_id,
            is_gone,
            {{
                unpack(
                    "payload",
                    ["label", "type", "fieldType", "hubspotDefined", "archived"],
                )
            }}
        from newest
    ),
    renamed as (
        select
            -- ids
            connection,
            native_id,

            -- strings
            nullif(label, '') as field_label,
            type as native_type,
            fieldtype as input_type,

            -- booleans; a custom property has hubspotDefined absent or false
            coalesce(hubspotdefined, 'false') <> 'true' as is_custom,
            not is_gone and coalesce(archived, 'false') <> 'true' as is_active
        from unpacked
    )

select *
from renamed
