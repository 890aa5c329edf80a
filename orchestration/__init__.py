"""The `dealhouse` command line, the Dagster definitions and publication; no business SQL, no HTTP to CRMs."""
