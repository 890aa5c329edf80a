"""From a CRM's HTTP API to committed Parquet in the lake."""
