"""Kills at the worst moments."""
