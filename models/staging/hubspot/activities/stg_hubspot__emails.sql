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
    emails as (
        {{
            hubspot_activities(
                source("hubspot", "emails"),
                {
                    "subject": "hs_email_subject",
                    "direction": "hs_email_direction",
                    "status": "hs_email_status",
                },
            )
        }}
    )

select *
from emails
