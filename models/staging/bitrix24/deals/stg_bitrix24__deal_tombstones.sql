{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        on_schema_change="fail",
    )
}}
-- Incremental: captures never change, so only loads that are new here are read.
with tombstones as ({{ new_tombstones(source("bitrix24", "deals")) }})

select *
from tombstones
