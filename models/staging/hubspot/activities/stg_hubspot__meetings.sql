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
    meetings as (
        {{
            hubspot_activities(
                source("hubspot", "meetings"),
                {
                    "subject": "hs_meeting_title",
                    "outcome": "hs_meeting_outcome",
                    "start": "hs_meeting_start_time",
                    "end": "hs_meeting_end_time",
                },
            )
        }}
    )

select *
from meetings
