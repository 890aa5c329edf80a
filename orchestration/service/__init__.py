"""Dagster as a service: its code server, web server and daemon, and the runs that they leave behind."""
