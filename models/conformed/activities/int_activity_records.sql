-- A table: grouping the bindings and joining what comes of it to nine million acts
-- takes more than 4 GB in one statement, and less time in two.
{{ config(materialized="table") }}
with
    activity_records as (
        select
            activity_key,
            connection,
            max(case when is_primary then record_key end) as primary_record_key,
            coalesce(
                max(case when is_primary and record_type = 'deal' then record_key end),
                min(case when record_type = 'deal' then record_key end)
            ) as deal_key
        from {{ ref("int_activity_bindings") }}
        group by activity_key, connection
    )

select *
from activity_records
