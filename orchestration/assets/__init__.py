"""What one cycle makes, as Dagster assets: records of the CRMs, models, the published version."""
