{{
    config(
        materialized="incremental",
        incremental_strategy="merge",
        unique_key=["connection", "native_id"],
        on_schema_change="fail",
    )
}}
-- Incremental: millions of payloads are parsed once. Its watermark is explained in
-- is_record_changed().
with
    notes as (
        {{
            hubspot_activities(
                source("hubspot", "notes"),
                {},
            )
        }}
    )

select *
from notes
