-- A table: twenty-five sums over a row per deal and month.
{{ config(materialized="table") }} {{ report(ref("fct_pipeline_months")) }}
