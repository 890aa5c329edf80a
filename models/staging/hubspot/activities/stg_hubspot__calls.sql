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
    calls as (
        {{
            hubspot_activities(
                source("hubspot", "calls"),
                {
                    "subject": "hs_call_title",
                    "direction": "hs_call_direction",
                    "status": "hs_call_status",
                    "outcome": "hs_call_disposition",
                    "duration": "hs_call_duration",
                },
            )
        }}
    )

select *
from calls
