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
                source("hubspot", "contacts"),
                [
                    "firstname",
                    "lastname",
                    "email",
                    "phone",
                    "mobilephone",
                    "jobtitle",
                    "lifecyclestage",
                    "hubspot_owner_id",
                    "createdate",
                    "lastmodifieddate",
                    "country",
                    "state",
                    "city",
                ],
            )
        }}
    )

select *
from custom_values
