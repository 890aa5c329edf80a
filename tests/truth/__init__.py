"""The reports against the oracle, golden records and mutations, from HTTP to marts."""
