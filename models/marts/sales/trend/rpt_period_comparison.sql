-- A table: its fact tells each event up to fifteen times as it is read.
{{ config(materialized="table") }} {{ report(ref("fct_deal_periods")) }}
