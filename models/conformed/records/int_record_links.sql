-- A table: it is put together from every record's links, and many models read it.
{{ config(materialized="table") }}
with record_links as ({{ union_of_crms("record_links") }})
select *
from record_links
