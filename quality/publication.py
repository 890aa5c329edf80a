"""Expectations on what is about to be published: no mart lost much of itself, every key is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from quality.expectation import Expectation, identifier, text, values

if TYPE_CHECKING:
    from quality.thresholds import Publication


@dataclass(frozen=True)
class PublicationRequest:
    """What the publication checkpoint is asked about; `published` is empty before the first publication."""

    candidate: str
    published: str


def expectations(request: PublicationRequest, limits: Publication) -> list[Expectation]:
    """The expectations on the candidate's base tables in `marts`."""
    tables = _tables(Path(request.candidate))
    found = [_keys_not_null(tables, limits)] if tables else []
    if request.published:
        found.append(_row_drop(tables, _row_counts(Path(request.published)), limits))
    return found


def _row_drop(tables: dict[str, str], before: dict[str, int], limits: Publication) -> Expectation:
    given = values(
        [(text(name), str(rows)) for name, rows in sorted(before.items())], ("mart", "rows_before")
    )
    query = (
        f"select mart, rows_before, coalesce(rows_now, 0) as rows_now from {given}"  # noqa: S608
        f" left join ({_counts(tables)}) as counted using (mart)"
    )
    drop = limits.row_drop
    kept = f"rows_before * {1 - drop.largest_drop}"
    unexpected = f"rows_before - rows_now > {drop.largest_row_drop} and rows_now < {kept}"
    description = f"No mart lost more than {drop.largest_drop:.0%} and {drop.largest_row_drop} of its rows."
    return Expectation("row_drop", drop.severity, query, unexpected, description)


def _keys_not_null(tables: dict[str, str], limits: Publication) -> Expectation:
    parts = [
        f"select {text(name)} as mart, {text(key)} as key_column, count(*) as rows_without_key"  # noqa: S608
        f" from marts.{identifier(name)} where {identifier(key)} is null"
        for name, key in tables.items()
    ]
    description = "The key of every mart is there."
    return Expectation(
        "keys_not_null",
        limits.keys_not_null.severity,
        " union all ".join(parts),
        "rows_without_key > 0",
        description,
    )


def _counts(tables: dict[str, str]) -> str:
    parts = [
        f"select {text(name)} as mart, count(*) as rows_now from marts.{identifier(name)}"  # noqa: S608
        for name in tables
    ]
    return " union all ".join(parts) or "select null::varchar as mart, 0 as rows_now where false"


def _tables(database: Path) -> dict[str, str]:
    """The base tables of `marts` with their first column."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select table_name, column_name from information_schema.columns join information_schema.tables"
            " using (table_catalog, table_schema, table_name)"
            " where table_catalog = current_database() and table_schema = 'marts'"
            " and table_type = 'BASE TABLE'"
            " and ordinal_position = 1 and table_name <> 'publications' order by table_name"
        ).fetchall()
    return dict(rows)


def _row_counts(database: Path) -> dict[str, int]:
    tables = _tables(database)
    with duckdb.connect(str(database), read_only=True) as connection:
        return dict(connection.execute(_counts(tables)).fetchall())
