-- A table: eight million rows of steps add up to a fiftieth of them.
{{ config(materialized="table") }} {{ report(ref("fct_path_stages")) }}
