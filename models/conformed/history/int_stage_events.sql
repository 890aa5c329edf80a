with stage_events as ({{ union_of_crms("stage_events") }}) select * from stage_events
