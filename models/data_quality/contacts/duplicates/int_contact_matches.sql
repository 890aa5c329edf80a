-- A table: the clusters are worked out from it in several steps.
{{ config(materialized="table") }}
with
    shared as (
        select * from {{ ref("int_contact_shared_marks") }} where not is_of_too_many
    ),
    matches as (
        select
            dense_rank() over (order by connection, ground, mark) as match_number,
            contact_key,
            connection,
            ground,
            dense_rank() over (order by contact_key) as contact_number
        from shared
    )

select *
from matches
