-- A table: who matches whom and whom too many match are both read from it.
{{ config(materialized="table") }}
with
    parameters as (
        select *
        from {{ rule_parameters("contact_duplicate", ["largest_group"]) }} as given
    ),
    counted as (
        select *, count(*) over (partition by connection, ground, mark) as contact_count
        from {{ ref("int_contact_marks") }}
    ),
    -- What very many share is a switchboard or a stopgap, and says nothing of a person.
    shared as (
        select
            counted.contact_key,
            counted.connection,
            counted.ground,
            counted.mark,
            counted.contact_count
            > coalesce(parameters.largest_group, 20) as is_of_too_many
        from counted
        inner join parameters on counted.connection = parameters.connection
        where counted.contact_count > 1
    )

select *
from shared
