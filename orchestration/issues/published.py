"""What the published version says about issues."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb

from extract.core.errors import DealhouseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orchestration.places import Places

Row = dict[str, Any]
# What needs somebody first: errors, then money, then the newest.
ORDER = (
    "case severity when 'error' then 0 when 'warning' then 1 else 2 end, money_at_risk desc,"
    " first_seen_at desc, rule_id, issue_key"
)
_SUMMARY = """
    select rule_id, min(severity) as severity,
        count(*) filter (where status in ('new', 'open', 'reopened')) as open_count,
        count(*) filter (where status = 'new') as new_count,
        count(*) filter (where status = 'muted') as muted_count,
        count(*) filter (where status = 'resolved') as resolved_count,
        coalesce(sum(money_at_risk) filter (where status in ('new', 'open', 'reopened')), 0) as money_at_risk
    from data_quality.dq_issues {where}
    group by rule_id order by {order}
"""
_SUMMARY_ORDER = (
    "case min(severity) when 'error' then 0 when 'warning' then 1 else 2 end, open_count desc, rule_id"
)


class NotPublishedError(DealhouseError):
    """There is no published version yet, or it is of a time before there were issues."""


@contextmanager
def published(places: Places) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published version, to read from."""
    where = str(places.served_database)
    if not places.served_database.exists():
        raise NotPublishedError("Nothing is published yet.", where, "Run: dealhouse run")
    with duckdb.connect(where, read_only=True) as connection:
        known = connection.execute(
            "select 1 from information_schema.tables"
            " where table_schema = 'data_quality' and table_name = 'dq_issues'"
        ).fetchall()
        if not known:
            raise NotPublishedError("The published version knows no issues.", where, "Run: dealhouse run")
        yield connection


def rows_of(
    connection: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, object] | None = None
) -> list[Row]:
    """The rows of a query, by the names of its columns."""
    cursor = connection.execute(query, dict(values or {}))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def summary(
    connection: duckdb.DuckDBPyConnection, where: str = "", values: Mapping[str, object] | None = None
) -> list[Row]:
    """Counts per rule, of the issues that a condition leaves."""
    return rows_of(connection, _SUMMARY.format(where=where, order=_SUMMARY_ORDER), values)
