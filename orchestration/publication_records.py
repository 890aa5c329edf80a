"""What was published when, and how far each connection's data reached: in the lake and in every version."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from extract.core.files import atomic_write_parquet
from extract.core.lake import Lake

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from orchestration.places import Places

TABLE = "publications"
_SCHEMA = pa.schema(
    [
        ("run_id", pa.string()),
        ("published_at", pa.timestamp("us")),
        ("connection", pa.string()),
        ("data_as_of_at", pa.timestamp("us")),
    ]
)
_COLUMNS = ", ".join(_SCHEMA.names)


@dataclass(frozen=True)
class Row:
    """One connection in one publication."""

    run_id: str
    published_at: datetime
    connection: str
    data_as_of_at: datetime


def read_lake(places: Places) -> list[Row]:
    """Every publication that the lake knows, oldest first."""
    files = [str(file) for file in Lake(places.home).own_files(TABLE)]
    if not files:
        return []
    with duckdb.connect() as connection:
        return _rows(connection.read_parquet(files))


def append_to_lake(places: Places, rows: Sequence[Row]) -> None:
    """Land the records of one publication as one file."""
    if rows:
        atomic_write_parquet(_arrow(rows), places.own_lake / TABLE, rows[-1].run_id)


def read_from(database: Path) -> list[Row]:
    """The publications that a published version knows."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return _rows(connection.table(f"marts.{TABLE}"))


def write_into(database: Path, rows: Sequence[Row]) -> None:
    """Make `marts.publications` in a version that nobody reads yet."""
    with duckdb.connect(str(database)) as connection:
        connection.register("rows", _arrow(rows))
        connection.execute("create schema if not exists marts")
        connection.execute(f"create or replace table marts.{TABLE} as select * from rows")  # noqa: S608


def _rows(relation: duckdb.DuckDBPyRelation) -> list[Row]:
    return [
        Row(*row) for row in relation.project(_COLUMNS).order("published_at, run_id, connection").fetchall()
    ]


def _arrow(rows: Sequence[Row]) -> pa.Table:
    return pa.Table.from_pylist([asdict(row) for row in rows], schema=_SCHEMA)
