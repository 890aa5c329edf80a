"""What the published version and the lake say; moved as rows, decided elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from extract.core.lake import Lake

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from orchestration.places import Places

TRANSITIONS = "dq_transitions"
_TRANSITIONS = Path(__file__).with_name("transitions.sql").read_text(encoding="utf-8")
_EMPLOYEES = Path(__file__).with_name("employees.sql").read_text(encoding="utf-8")
_NEEDED = {"data_quality.dq_issues", "marts.publications", "marts.dim_employees"}
OPEN = ("new", "open", "reopened")
_ISSUE_COLUMNS = (
    "issue_key, rule_id, severity, record_type, record_key, record_url, record_name, owner_key, owner_name,"
    " connection, detected_value, money_at_risk, status, resolution"
)


@dataclass(frozen=True)
class Transition:
    """One landed transition with what its issue says now.

    Attributes:
        owner_key: The owner now; of one that went to another owner, that one.
        previous_owner_key: Whose it was until then, if it went to another owner.
    """

    news_key: str
    connection: str
    transition_at: datetime
    transition: str
    rule_id: str
    issue_key: str | None
    severity: str | None
    owner_key: str | None
    previous_owner_key: str | None


@dataclass(frozen=True)
class Issue:
    """One row of dq_issues, as far as alerts tell it."""

    issue_key: str
    rule_id: str
    severity: str
    record_type: str
    record_key: str
    record_url: str | None
    record_name: str | None
    owner_key: str | None
    owner_name: str | None
    connection: str
    detected_value: str | None
    money_at_risk: Decimal
    status: str
    resolution: str | None


@dataclass(frozen=True)
class OpenIssues:
    """How many issues of a rule are open with one owner."""

    rule_id: str
    severity: str
    connection: str
    owner_key: str | None
    is_baseline: bool
    issue_count: int
    money_at_risk: Decimal


@dataclass(frozen=True)
class Employee:
    """One employee, and every department above."""

    employee_key: str
    employee_name: str
    email: str | None
    is_active: bool
    departments: frozenset[str]


class Published:
    """The published version, open for reading."""

    def __init__(self, database: duckdb.DuckDBPyConnection, places: Places) -> None:
        self._database = database
        self._places = places

    def transitions(self, cursors: Mapping[str, str], *, is_first_look: bool) -> list[Transition]:
        """The published transitions from each connection's cursor on; with none, of all time.

        Args:
            cursors: Per connection, the moment up to which its transitions were looked at.
            is_first_look: Take only those of the newest moment.
        """
        files = [str(file) for file in Lake(self._places.home).own_files(TRANSITIONS)]
        if not files:
            return []
        moments = [datetime.fromisoformat(text) for text in cursors.values()]
        table = pa.table(
            {
                "connection": pa.array(list(cursors), pa.string()),
                "moment": pa.array(moments, pa.timestamp("us")),
            }
        )
        self._database.register("cursors", table)
        # Files of before are not opened, unless a connection was never looked at.
        is_known = bool(moments) and self._connections() <= set(cursors)
        since = min(moments) if is_known else datetime(1, 1, 1)  # noqa: DTZ001  naive UTC, as landed
        parameters = {"files": files, "since": since, "is_first_look": is_first_look}
        rows = self._database.execute(_TRANSITIONS, parameters)
        return [Transition(*row) for row in rows.fetchall()]

    def _connections(self) -> set[str]:
        rows = self._database.execute("select distinct connection from marts.publications").fetchall()
        return {name for (name,) in rows}

    def issues(self, keys: Iterable[str]) -> dict[str, Issue]:
        """The issues of those keys that are there."""
        self._database.register("wanted", pa.table({"issue_key": pa.array(sorted(set(keys)), pa.string())}))
        query = f"select {_ISSUE_COLUMNS} from data_quality.dq_issues semi join wanted using (issue_key)"  # noqa: S608
        found = [Issue(*row) for row in self._database.execute(query).fetchall()]
        return {issue.issue_key: issue for issue in found}

    @cached_property
    def open_issues(self) -> list[OpenIssues]:
        """What is open, counted per rule, connection and owner."""
        rows = self._database.execute(
            "select rule_id, severity, connection, owner_key, is_baseline, count(*), sum(money_at_risk)"
            " from data_quality.dq_issues where list_contains($open, status)"
            " group by rule_id, severity, connection, owner_key, is_baseline",
            {"open": list(OPEN)},
        )
        return [OpenIssues(*row) for row in rows.fetchall()]

    @cached_property
    def employees(self) -> dict[str, Employee]:
        """Every employee by key."""
        rows: list[tuple[Any, ...]] = self._database.execute(_EMPLOYEES).fetchall()
        return {
            row[0]: Employee(row[0], row[1] or row[0], row[2], bool(row[3]), frozenset(row[4] or ()))
            for row in rows
        }

    def data_as_of(self) -> datetime | None:
        """The moment that the data of every connection reaches."""
        query = (
            "select min(moment) from"
            " (select max(data_as_of_at) as moment from marts.publications group by connection)"
        )
        rows = self._database.execute(query).fetchall()
        return rows[0][0] if rows else None


@contextmanager
def opened(places: Places) -> Iterator[Published | None]:
    """The published version; None while none knows issues."""
    if not places.served_database.exists():
        yield None
        return
    with duckdb.connect(str(places.served_database.resolve()), read_only=True) as database:
        rows = database.execute("select table_schema || '.' || table_name from information_schema.tables")
        known = {name for (name,) in rows.fetchall()}
        yield Published(database, places) if known >= _NEEDED else None


def reporting_of(places: Places) -> tuple[str, str]:
    """The currency and the zone of the company's reports."""
    lake = Lake(places.home)
    return lake.reporting_currency(), lake.reporting_timezone()
