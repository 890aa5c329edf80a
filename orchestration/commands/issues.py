"""`dealhouse issues`: list, explain, mute."""

from __future__ import annotations

import csv
import difflib
import getpass
import io
import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from extract.core.lake import Lake
from extract.core.settings import dealhouse_home
from orchestration.console import SUCCESS, UsageError, cells, err, out, plain_table
from orchestration.issues.mutes import Mute, land_mute
from orchestration.issues.published import ORDER, Row, published, rows_of, summary
from orchestration.places import Places

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

SHOWN = 50
ACTIVE = ("new", "open", "reopened")
_RULE_OF_ISSUE = (
    "select title_en, why, fix, parameters, is_enabled from data_quality.dq_rules"
    " where rule_id = $rule_id and connection = $connection"
)


_OWNERS = (
    "select employee_key as key, employee_name as name from marts.dim_employees"
    " union select owner_key, owner_name from data_quality.dq_issues where owner_key is not null"
    " order by name, key"
)


@dataclass(frozen=True)
class Filters:
    """Which issues are meant; nothing given leaves all of that kind, of the statuses the active ones."""

    rules: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()

    def condition(self) -> str:
        """The filters as SQL, their values as parameters."""
        parts = ["list_contains($statuses, status)"]
        parts += ["list_contains($rules, rule_id)"] if self.rules else []
        parts += (
            ["(list_contains($owners, owner_name) or list_contains($owners, owner_key))"]
            if self.owners
            else []
        )
        parts += ["list_contains($connections, connection)"] if self.connections else []
        parts += ["list_contains($severities, severity)"] if self.severities else []
        return f"where {' and '.join(parts)}"

    def values(self) -> dict[str, object]:
        """The values of those that are given."""
        given = {
            "rules": self.rules,
            "owners": self.owners,
            "connections": self.connections,
            "severities": self.severities,
        }
        chosen: dict[str, object] = {name: list(names) for name, names in given.items() if names}
        return chosen | {"statuses": list(self.statuses or ACTIVE)}


def print_issues(filters: Filters, limit: int | None, form: str, places: Places | None = None) -> int:
    """The issues that the filters leave, on standard output."""
    places = places or Places(dealhouse_home())
    most = limit or (SHOWN if form == "table" else None)
    with published(places) as connection:
        _check_names(connection, filters)
        filters = replace(filters, owners=_owners(connection, filters.owners))
        counts = summary(connection, filters.condition(), filters.values())
        rows = rows_of(
            connection,
            f"select * from data_quality.dq_issues {filters.condition()} order by {ORDER}"  # noqa: S608
            + (f" limit {most:d}" if most else ""),
            filters.values(),
        )
        columns = [row["column_name"] for row in rows_of(connection, "describe data_quality.dq_issues")]
    if form == "table":
        _print_tables(counts, rows, Lake(places.home).reporting_currency())
    else:
        typer.echo(_as_csv(columns, rows) if form == "csv" else _as_json(rows), nl=False)
    return SUCCESS


def explain(key: str) -> int:
    """One issue and its rule."""
    places = Places(dealhouse_home())
    with published(places) as connection:
        issue = _issue(connection, key)
        rules = rows_of(
            connection, _RULE_OF_ISSUE, {"rule_id": issue["rule_id"], "connection": issue["connection"]}
        )
    rule = rules[0] if rules else {"title_en": issue["rule_id"], "why": "", "fix": "", "parameters": "{}"}
    out.print(f"[bold]{cells(rule['title_en'])[0]}[/]", soft_wrap=True)
    currency = Lake(places.home).reporting_currency()
    for label, value in _facts(issue, rule, currency):
        if value:
            out.print(f"{label + ':':<15}{cells(value)[0]}", soft_wrap=True)
    return SUCCESS


def mute(key: str, until: date, reason: str) -> int:
    """Land a mute of an issue that is there."""
    places = Places(dealhouse_home())
    with published(places) as connection:
        issue = _issue(connection, key)
        today = _data_as_of(connection, issue["connection"], Lake(places.home).reporting_timezone())
    if issue["status"] == "resolved":
        raise UsageError(f"The issue is resolved: {issue['resolution']}.", key, "There is nothing to mute.")
    if until <= today:
        what = f"The data is of {today}, so that a mute until {until} would hold for no day."
        raise UsageError(what, "--until", "Name a later day.")
    if not reason.strip():
        raise UsageError("Say why.", "--reason", "Whoever looks for the issue will want to know.")
    land_mute(places, Mute(issue["issue_key"], until, reason.strip(), getpass.getuser()))
    out.print(f"Muted until {until}, from the next run on: dealhouse run")
    return SUCCESS


def unmute(key: str) -> int:
    """Land the end of a mute."""
    places = Places(dealhouse_home())
    with published(places) as connection:
        issue = _issue(connection, key)
    land_mute(places, Mute(issue["issue_key"], None, None, getpass.getuser()))
    out.print("Heard again from the next run on: dealhouse run")
    return SUCCESS


def _data_as_of(connection: duckdb.DuckDBPyConnection, name: str, zone: str) -> date:
    """The day up to which the published data of a connection goes, which mutes are held against."""
    query = "select max(data_as_of_at) as at from marts.publications where connection = $name"
    (row,) = rows_of(connection, query, {"name": name})
    return row["at"].replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date() if row["at"] else date.min


def _issue(connection: duckdb.DuckDBPyConnection, key: str) -> Row:
    found = rows_of(connection, "select * from data_quality.dq_issues where issue_key = $key", {"key": key})
    if not found:
        raise UsageError(f"There is no issue {key!r}.", "", "List the keys: dealhouse issues --format csv")
    return found[0]


def _check_names(connection: duckdb.DuckDBPyConnection, filters: Filters) -> None:
    """A misspelt rule or connection would look like a clean one."""
    for column, chosen in (("rule_id", filters.rules), ("connection", filters.connections)):
        query = f"select distinct {column} as name from data_quality.dq_rules order by name"  # noqa: S608
        known = [row["name"] for row in rows_of(connection, query)] if chosen else []
        unknown = [name for name in chosen if name not in known]
        if unknown:
            what = "rule" if column == "rule_id" else column
            hint = f"Known: {', '.join(known)}. A new one comes with the next run."
            raise UsageError(f"There is no {what} {unknown[0]!r}.", "", hint)


def _owners(connection: duckdb.DuckDBPyConnection, wanted: Sequence[str]) -> tuple[str, ...]:
    """The names or keys that are meant, for which a word of a name will do; nobody is no clean answer."""
    rows = rows_of(connection, _OWNERS) if wanted else []
    names = list(dict.fromkeys(row["name"] for row in rows if row["name"]))
    found: list[str] = []
    for owner in wanted:
        told = owner.casefold()
        meant = [owner] if any(owner in row.values() for row in rows) else []
        meant = meant or [
            name for name in names if told == name.casefold() or told in name.casefold().split()
        ]
        if not meant:
            close = difflib.get_close_matches(owner, names, n=3, cutoff=0.5)
            hint = f"Did you mean {', '.join(close)}?" if close else f"Known: {', '.join(names[:20])}."
            raise UsageError(f"There is no owner {owner!r}.", "", hint)
        found += meant
    return tuple(found)


def _print_tables(counts: Sequence[Row], rows: Sequence[Row], currency: str) -> None:
    if not rows:
        out.print("No issues.")
        return
    shown = plain_table("rule", "severity", ">issues", ">new", f">at risk, {currency}")
    total = 0
    for row in counts:
        count = row["open_count"] + row["muted_count"] + row["resolved_count"]
        total += count
        money = f"{row['money_at_risk']:,.0f}" if row["money_at_risk"] else ""
        shown.add_row(*cells(row["rule_id"], row["severity"], f"{count:,}", f"{row['new_count']:,}", money))
    out.print(shown)
    for rule_id in dict.fromkeys(row["rule_id"] for row in rows):
        out.print()
        out.print(f"[bold]{cells(rule_id)[0]}[/]")
        for row in (row for row in rows if row["rule_id"] == rule_id):
            _print_row(row, currency)
    if total > len(rows):
        err.print(f"[yellow]Note:[/] {total - len(rows):,} more; --limit N shows more, --format csv all.")


def _print_row(row: Row, currency: str) -> None:
    money = f"{row['money_at_risk']:,.0f} {currency}" if row["money_at_risk"] else ""
    state = f"{row['status']} since {row['first_seen_at']:%Y-%m-%d}"
    parts = [row["record_name"] or row["record_key"], row["detected_value"], row["owner_name"], money, state]
    out.print("  " + cells(" | ".join(str(part) for part in parts if part))[0], soft_wrap=True)
    where = " ".join(part for part in (row["issue_key"], row["record_url"]) if part)
    out.print(f"    [dim]{cells(where)[0]}[/]", soft_wrap=True)


def _facts(issue: Row, rule: Row, currency: str) -> list[tuple[str, str | None]]:
    seen = f"{issue['first_seen_at']:%Y-%m-%d %H:%M} to {issue['last_seen_at']:%Y-%m-%d %H:%M} UTC"
    muted = f"until {issue['muted_until']} by {issue['muted_by']}: {issue['mute_reason']}"
    resolved = (
        f"{issue['resolution']}, {issue['resolved_at']:%Y-%m-%d %H:%M} UTC" if issue["resolved_at"] else None
    )
    return [
        ("Issue", issue["issue_key"]),
        ("Severity", issue["severity"]),
        ("Status", issue["status"]),
        ("Record", issue["record_name"]),
        ("Link", issue["record_url"]),
        ("Owner", issue["owner_name"] or issue["owner_key"]),
        ("Department", issue["department"]),
        ("What is wrong", issue["detected_value"]),
        ("At risk", f"{issue['money_at_risk']:,.2f} {currency}" if issue["money_at_risk"] else None),
        ("Seen", seen),
        ("Resolved", resolved),
        ("Reopened", f"{issue['reopened_count']} times" if issue["reopened_count"] else None),
        ("Muted", muted if issue["muted_until"] else None),
        ("Why", rule["why"]),
        ("Mend it", rule["fix"]),
        ("Parameters", rule["parameters"] if rule["parameters"] != "{}" else None),
    ]


def _as_csv(columns: Sequence[str], rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _plain(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _as_json(rows: Sequence[Row]) -> str:
    plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return value.isoformat(sep=" ")
        case date():
            return value.isoformat()
    return value
