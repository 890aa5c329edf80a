{{
    config(
        materialized="incremental",
        incremental_strategy="merge",
        unique_key=["connection", "native_id"],
        on_schema_change="fail",
    )
}}
-- Incremental: millions of rows that never change.
with
    property_history as (
        {{ hubspot_property_history(source("hubspot", "deal_property_history")) }}
    )

select *
from property_history
