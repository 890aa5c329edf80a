"""Keeping a home: compaction, forgetting, backup, status, logs."""
