{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["connection", "native_id"],
        on_schema_change="fail",
    )
}}
-- Incremental: every payload is parsed a second time, by all its keys. Replaced by
-- record, so that a value that was cleared leaves.
with
    custom_values as (
        {{
            hubspot_custom_values(
                source("hubspot", "companies"),
                [
                    "name",
                    "domain",
                    "phone",
                    "industry",
                    "country",
                    "state",
                    "city",
                    "hubspot_owner_id",
                    "createdate",
                ],
            )
        }}
    )

select *
from custom_values
