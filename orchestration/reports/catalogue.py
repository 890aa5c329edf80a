"""Reports as `marts.report_catalog` describes them, and the columns of their facts."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.console import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

_NOT_ACROSS = re.compile(r"not_across\((?P<names>[^)]*)\)")
_STOCK = re.compile(r"stock\((?P<names>[^)]*)\)")
_DISTINCT = re.compile(r"distinct\((?P<names>[^)]*)\)")


@dataclass(frozen=True)
class Member:
    """A dimension or measure of a report: its name there, and its column in the fact."""

    name: str
    column: str
    additivity: str = "full"
    description: str = ""
    format: str = ""

    @property
    def not_across(self) -> tuple[str, ...]:
        """Dimensions over which this measure must not be summed."""
        return _names(_NOT_ACROSS, self.additivity)

    @property
    def stock_date(self) -> str | None:
        """The date over which this measure is a level, not a flow."""
        return next(iter(_names(_STOCK, self.additivity)), None)

    @property
    def is_first(self) -> bool:
        """Whether the first value over the date counts, and not the last: what a period began with."""
        return "first" in _names(_STOCK, self.additivity)[1:]

    @property
    def distinct_key(self) -> str | None:
        """The key whose different values this measure counts."""
        return next(iter(_names(_DISTINCT, self.additivity)), None)


@dataclass(frozen=True)
class Report:
    """One report: a grouping of one fact, or a list of its rows.

    `is_table`: its sums are kept, and need not be worked out from the fact again.
    """

    name: str
    title: str
    question: str
    fact: str
    date_column: str | None
    dimensions: tuple[Member, ...]
    measures: tuple[Member, ...]
    fact_columns: dict[str, str]
    is_list: bool = False
    filter: str | None = None
    day_filter: str | None = None
    columns: tuple[str, ...] = ()
    is_table: bool = False

    @property
    def stock_date(self) -> str | None:
        """The date over which measures of this report are levels."""
        return next((item.stock_date for item in self.measures if item.stock_date), None)

    def dimension(self, name: str) -> Member | None:
        """The dimension called `name`, or the fact's column of that name."""
        for member in self.dimensions:
            if member.name == name:
                return member
        return Member(name, name) if name in self.fact_columns else None


def read_reports(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    """Title and question of every published report."""
    rows = connection.execute(
        "select distinct report, title, question from marts.report_catalog order by report"
    ).fetchall()
    return {report: (title, question) for report, title, question in rows}


def read_report(connection: duckdb.DuckDBPyConnection, name: str) -> Report:
    """The report `name` (with or without `rpt_`), or a usage error that suggests near names."""
    reports = read_reports(connection)
    known = name if name in reports else f"rpt_{name}"
    if known not in reports:
        raise UsageError(
            f"There is no report {name!r}.{suggestion(name, reports)}",
            "",
            "List them: dealhouse report --list. A new one comes with the next run.",
        )
    fact, date_column, grain, condition, day_filter = _read_rows(
        connection, known, "distinct fact, date_column, grain, filter, day_filter"
    )[0]
    members = _read_members(connection, known)
    return Report(
        known,
        *reports[known],
        fact,
        date_column,
        tuple(member for kind, member in members if kind != "measure"),
        tuple(member for kind, member in members if kind == "measure"),
        read_columns(connection, fact),
        grain == "record",
        condition,
        day_filter,
        tuple(member.name for _, member in members),
        _is_table(connection, known),
    )


def _read_members(connection: duckdb.DuckDBPyConnection, report: str) -> list[tuple[str, Member]]:
    """The members of a report with their kinds, in the order of its columns."""
    wanted = "member_kind, member, column_name, additivity, description, format"
    rows = _read_rows(connection, report, wanted)
    order = {column: position for position, column in enumerate(read_columns(connection, report))}
    rows.sort(key=lambda row: order.get(str(row[1]), len(order)))
    return [
        (kind, Member(name, column, *(text or "" for text in rest))) for kind, name, column, *rest in rows
    ]


def _read_rows(connection: duckdb.DuckDBPyConnection, report: str, wanted: str) -> list[tuple[Any, ...]]:
    return connection.execute(
        f"select {wanted} from marts.report_catalog where report = $report",  # noqa: S608
        {"report": report},
    ).fetchall()


def read_columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The columns of a table in `marts` with their types, in order."""
    rows = connection.execute(
        "select column_name, data_type from duckdb_columns()"
        " where schema_name = 'marts' and table_name = $table and database_name = current_database()"
        " order by column_index",
        {"table": table},
    ).fetchall()
    return dict(rows)


def _is_table(connection: duckdb.DuckDBPyConnection, report: str) -> bool:
    found = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'marts' and table_name = $report"
        " and database_name = current_database()",
        {"report": report},
    ).fetchone()
    return found is not None


def suggestion(name: str, known: Iterable[str]) -> str:
    """A sentence with the names that look like `name`, or nothing."""
    by_folded = {text.casefold(): text for text in known}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=3, cutoff=0.55)
    return f" Did you mean {' or '.join(by_folded[match] for match in near)}?" if near else ""


def _names(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    found = pattern.search(text)
    return tuple(name.strip() for name in found["names"].split(",") if name.strip()) if found else ()
