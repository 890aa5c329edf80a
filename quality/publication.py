"""Expectations on what is about to be published: no mart lost much, keys are there, rules keep limits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from quality import rule_shares
from quality.expectation import Expectation, array, identifier, text, values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from quality.thresholds import Publication


EXAMPLES = 20


@dataclass(frozen=True)
class PublicationRequest:
    """What the publication checkpoint is asked about; `published` is empty before the first publication."""

    candidate: str
    published: str


@dataclass(frozen=True)
class Loss:
    """A published mart: its rows, and examples of keys that the candidate no longer has."""

    mart: str
    rows_before: int
    lost_keys: list[str]


def expectations(request: PublicationRequest, limits: Publication) -> list[Expectation]:
    """The expectations on the candidate's base tables in `marts` and on its issues."""
    tables = _tables(Path(request.candidate))
    found = [_keys_not_null(tables, limits)] if tables else []
    if request.published:
        found.append(_row_drop(tables, _losses(request), limits))
    shares = rule_shares.expectation(limits.rule_shares, Path(request.candidate))
    return [*found, shares] if shares else found


def _row_drop(tables: dict[str, str], before: list[Loss], limits: Publication) -> Expectation:
    rows: list[tuple[str, ...]] = [
        (text(loss.mart), str(loss.rows_before), array(loss.lost_keys)) for loss in before
    ]
    given = values(rows, ("mart", "rows_before", "lost_keys"))
    query = (
        f"select mart, rows_before, coalesce(rows_now, 0) as rows_now, lost_keys from {given}"  # noqa: S608
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


def _counts(tables: Iterable[str]) -> str:
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


def _losses(request: PublicationRequest) -> list[Loss]:
    """The published marts, with some of the keys that the candidate lacks where it has fewer rows."""
    published = _tables(Path(request.published))
    present = _tables(Path(request.candidate))
    with duckdb.connect(request.published, read_only=True) as connection:
        connection.execute(f"attach {text(request.candidate)} as candidate (read_only)")
        before = dict(connection.execute(_counts(published)).fetchall())
        losses = []
        for mart, rows in sorted(before.items()):
            key = published[mart]
            is_comparable = present.get(mart) == key
            lost = _lost_keys(connection, mart, key, rows) if is_comparable else []
            losses.append(Loss(mart, rows, lost))
    return losses


def _lost_keys(connection: duckdb.DuckDBPyConnection, mart: str, key: str, rows_before: int) -> list[str]:
    table, column = identifier(mart), identifier(key)
    rows_now = connection.execute(f"select count(*) from candidate.marts.{table}").fetchone()  # noqa: S608
    if rows_now is None or rows_now[0] >= rows_before:
        return []
    lost = connection.execute(
        f"select min({column}::varchar, {EXAMPLES}) from marts.{table}"  # noqa: S608
        f" anti join candidate.marts.{table} using ({column})"
    ).fetchone()
    return list(lost[0] or []) if lost else []
