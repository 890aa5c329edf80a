{{ config(materialized="table") }}
-- A table of its own: no step is worked out twice.
with
    matches as (
        select match_number, contact_number from {{ ref("int_contact_matches") }}
    ),
    {{ cluster_steps("matches", 8) }}

select *
from labels_8
