"""The tables of the working databases and their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from orchestration.reports.fields import quoted

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.places import Places


def table_rows(places: Places) -> dict[str, int]:
    """The rows of every table (`schema.name`); of none where another process has a database open."""
    rows: dict[str, int] = {}
    for database in (places.warehouse, places.next_database):
        try:
            rows |= _rows_of(database)
        except duckdb.IOException:
            return {}
    return rows


def _rows_of(database: Path) -> dict[str, int]:
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
        return {
            f"{schema}.{table}": connection.table(f"{quoted(schema)}.{quoted(table)}").shape[0]
            for schema, table in tables
        }
