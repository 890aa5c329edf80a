-- A table: the life of issues, their list and the limits of rules all read it.
{{ config(materialized="table") }}
with findings as ({{ union_of_rules() }})
select *
from findings
