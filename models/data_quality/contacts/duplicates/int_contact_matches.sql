-- A table: the clusters are worked out from it in several steps.
{{ config(materialized="table") }}
with
    marks as (select * from {{ ref("int_contact_marks") }}),
    parameters as (
        select *
        from {{ rule_parameters("contact_duplicate", ["largest_group"]) }} as given
    ),
    -- What very many share is a switchboard or a stopgap, and says nothing of a person.
    shared as (
        select marks.connection, marks.ground, marks.mark
        from marks
        inner join parameters on marks.connection = parameters.connection
        group by marks.connection, marks.ground, marks.mark
        having count(*) > 1 and count(*) <= coalesce(max(parameters.largest_group), 20)
    ),
    numbered as (
        select
            connection,
            ground,
            mark,
            row_number() over (order by connection, ground, mark) as match_number
        from shared
    ),
    matches as (
        select
            numbered.match_number,
            marks.contact_key,
            marks.connection,
            marks.ground,
            dense_rank() over (order by marks.contact_key) as contact_number
        from marks
        inner join
            numbered
            on marks.connection = numbered.connection
            and marks.ground = numbered.ground
            and marks.mark = numbered.mark
    )

select *
from matches
