{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["connection", "native_id"],
        on_schema_change="fail",
    )
}}
-- Incremental: millions of sets. Replaced by set, so that a link that was cut leaves.
with
    associations as (
        {{ hubspot_associations(source("hubspot", "activity_associations")) }}
    )

select *
from associations
