"""A home with published issues: what a run lands and publishes, without a run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.places import Places

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BEGIN = datetime(2026, 3, 2, 9)  # noqa: DTZ001  naive UTC, as in the lake
TRANSITIONS = pa.schema(
    [
        ("transition_at", pa.timestamp("us")),
        ("run_id", pa.string()),
        ("connection", pa.string()),
        ("rule_id", pa.string()),
        ("rule_version", pa.string()),
        ("record_type", pa.string()),
        ("record_key", pa.string()),
        ("owner_key", pa.string()),
        ("transition", pa.string()),
        ("is_baseline", pa.bool_()),
        ("resolution", pa.string()),
        ("detected_value", pa.string()),
        ("money_at_risk", pa.decimal128(28, 6)),
        ("transition_number", pa.int64()),
    ]
)
ISSUES = """
    issue_key varchar, rule_id varchar, severity varchar, record_type varchar, record_key varchar,
    record_url varchar, record_name varchar, owner_key varchar, owner_name varchar, department varchar,
    connection varchar, detected_value varchar, money_at_risk decimal(28, 6), status varchar,
    first_seen_at timestamp, last_seen_at timestamp, resolved_at timestamp, resolution varchar,
    reopened_count bigint, is_baseline boolean, muted_until date, muted_by varchar, mute_reason varchar,
    run_id varchar
"""
SEVERITIES = {"deal_amount_missing": "error", "deal_stalled": "warning", "contact_email_malformed": "info"}
EMPLOYEES = {
    "m:employee:1": ("Anna Petrova", "anna@acme.test", True, "m:department:2"),
    "m:employee:2": ("Борис", "boris@acme.test", True, "m:department:3"),
    "m:employee:3": ("Gone", "gone@acme.test", False, "m:department:3"),
    "m:employee:4": ("Nobody", None, True, None),
}
DEPARTMENTS = {"m:department:1": "Company", "m:department:2": "North", "m:department:3": "South"}
TREE = [(1, 1), (2, 2), (3, 3), (2, 1), (3, 1)]


@dataclass
class Found:
    """One issue to be."""

    number: int
    rule: str = "deal_amount_missing"
    owner: int = 1
    money: int = 0
    name: str | None = None
    value: str = "0"
    connection: str = "m"
    url: str | None = None
    resolution: str = "fixed"

    @property
    def record_type(self) -> str:
        return self.rule.partition("_")[0]

    @property
    def record_key(self) -> str:
        return f"{self.connection}:{self.record_type}:{self.number}"

    @property
    def issue_key(self) -> str:
        return f"{self.rule}:{self.record_key}"


@dataclass
class Home:
    """A home; every `lands` is a run that also published."""

    folder: Path
    runs: int = 0
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)
    landed: Counter[str] = field(default_factory=Counter)

    @property
    def places(self) -> Places:
        return Places(self.folder)

    def lands(
        self,
        *appeared: Found,
        gone: Sequence[Found] = (),
        passed_on: Sequence[Found] = (),
        muted: Sequence[Found] = (),
        published: bool = True,
    ) -> None:
        """One run that finds and no longer finds these; a rule's first findings are its baseline.

        What is passed on is found with the owner that it has now.
        """
        self.runs += 1
        moment = BEGIN + timedelta(hours=self.runs)
        rows = [self._appear(found, moment) for found in appeared]
        first = {(found.connection, found.rule) for found in appeared} - self.seen
        rows += [_row(moment, connection, rule, transition="baseline") for connection, rule in sorted(first)]
        self.seen |= first
        rows += [self._pass_on(found, moment) for found in passed_on]
        rows += [self._go(found, moment) for found in gone]
        for found in muted:
            self.issues[found.issue_key]["status"] = "muted"
        folder = self.places.own_lake / "dq_transitions"
        folder.mkdir(parents=True, exist_ok=True)
        if rows:
            table = pa.Table.from_pylist(rows, TRANSITIONS)
            pq.write_table(table, folder / f"build{self.runs}{len(list(folder.iterdir()))}.parquet")
        if published:
            self.publish(moment)

    def _appear(self, found: Found, moment: datetime) -> dict[str, Any]:
        is_baseline = (found.connection, found.rule) not in self.seen
        again = found.issue_key in self.issues
        self.issues[found.issue_key] = {
            "issue_key": found.issue_key,
            "rule_id": found.rule,
            "severity": SEVERITIES[found.rule],
            "record_type": found.record_type,
            "record_key": found.record_key,
            "record_url": found.url or f"https://crm.test/{found.record_type}/{found.number}",
            "record_name": found.name or f"Title {found.number}",
            **_owned(found),
            "connection": found.connection,
            "detected_value": found.value,
            "money_at_risk": Decimal(found.money),
            "status": "reopened" if again else "open" if is_baseline else "new",
            "resolution": None,
            "is_baseline": is_baseline,
        }
        return self._row(found, moment, "appeared", is_baseline=is_baseline)

    def _pass_on(self, found: Found, moment: datetime) -> dict[str, Any]:
        self.issues[found.issue_key] |= _owned(found)
        return self._row(found, moment, "reassigned")

    def _go(self, found: Found, moment: datetime) -> dict[str, Any]:
        self.issues[found.issue_key] |= {"status": "resolved", "resolution": found.resolution}
        return self._row(found, moment, "gone", resolution=found.resolution)

    def _row(self, found: Found, moment: datetime, transition: str, **more: Any) -> dict[str, Any]:
        self.landed[found.issue_key] += 1
        number = self.landed[found.issue_key]
        row = _row(moment, found.connection, found.rule, found, transition, **more)
        return row | {"transition_number": number}

    def publish(self, moment: datetime | None = None) -> None:
        """Write the served database anew."""
        self.places.serving.mkdir(parents=True, exist_ok=True)
        self.places.served_database.unlink(missing_ok=True)
        moment = moment or BEGIN + timedelta(hours=self.runs)
        with duckdb.connect(str(self.places.served_database)) as database:
            database.execute("create schema marts; create schema data_quality")
            database.execute(f"create table data_quality.dq_issues ({ISSUES})")
            for issue in self.issues.values():
                names = ", ".join(issue)
                values = ", ".join("?" for _ in issue)
                database.execute(
                    f"insert into data_quality.dq_issues ({names}) values ({values})", list(issue.values())
                )
            _make_people(database)
            database.execute(
                "create table marts.publications as select 'r' as run_id, $at::timestamp as published_at,"
                " unnest(['m', 'u']) as connection, $at::timestamp as data_as_of_at",
                {"at": moment},
            )


def _owned(found: Found) -> dict[str, str]:
    owner_key = f"m:employee:{found.owner}"
    return {"owner_key": owner_key, "owner_name": EMPLOYEES[owner_key][0]}


def _make_people(database: duckdb.DuckDBPyConnection) -> None:
    database.execute(
        "create table marts.dim_employees (employee_key varchar, employee_name varchar, email varchar,"
        " is_active boolean, department_key varchar)"
    )
    for key, (name, email, is_active, department) in EMPLOYEES.items():
        database.execute(
            "insert into marts.dim_employees values (?, ?, ?, ?, ?)",
            [key, name, email, is_active, department],
        )
    database.execute("create table marts.dim_departments (department_key varchar, department_name varchar)")
    for key, name in DEPARTMENTS.items():
        database.execute("insert into marts.dim_departments values (?, ?)", [key, name])
    database.execute(
        "create table marts.bridge_department_tree (department_key varchar, ancestor_key varchar)"
    )
    for below, above in TREE:
        database.execute(
            "insert into marts.bridge_department_tree values (?, ?)",
            [f"m:department:{below}", f"m:department:{above}"],
        )


def _row(
    moment: datetime,
    connection: str,
    rule: str,
    found: Found | None = None,
    transition: str = "appeared",
    *,
    is_baseline: bool = False,
    resolution: str | None = None,
) -> dict[str, Any]:
    return {
        "transition_at": moment,
        "run_id": f"run-{moment:%d%H}",
        "connection": connection,
        "rule_id": rule,
        "rule_version": "v1",
        "record_type": rule.partition("_")[0],
        "record_key": found.record_key if found else None,
        "owner_key": f"m:employee:{found.owner}" if found else None,
        "transition": transition,
        "is_baseline": is_baseline,
        "resolution": resolution,
        "detected_value": found.value if found else None,
        "money_at_risk": Decimal(found.money) if found else Decimal(0),
        "transition_number": 1,
    }
