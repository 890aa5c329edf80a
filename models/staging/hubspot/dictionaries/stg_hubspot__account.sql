with
    newest as ({{ newest_versions(source("hubspot", "account")) }}),
    unpacked as (
        select
            connection,
            {{ unpack("payload", ["portalId", "companyCurrency", "uiDomain"]) }}
        from newest
    ),
    renamed as (
        select
            -- ids
            connection,
            portalid as portal_id,

            -- strings
            upper(companycurrency) as base_currency,
            uidomain as portal_domain
        from unpacked
    )

select *
from renamed
