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
    tasks as (
        {{
            hubspot_activities(
                source("hubspot", "tasks"),
                {
                    "subject": "hs_task_subject",
                    "status": "hs_task_status",
                    "completion": "hs_task_completion_date",
                },
            )
        }}
    )

select *
from tasks
