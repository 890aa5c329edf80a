"""Tests of the command line, the orchestration and publication."""
