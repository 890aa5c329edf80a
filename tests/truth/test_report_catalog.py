"""Every report is what the catalogue says of it: the rows of its fact, grouped or as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.oracle.expected import KEYS

if TYPE_CHECKING:
    import duckdb

    from tests.truth.conftest import Truth

Column = tuple[str, str]  # in the report and in its fact
# Scores are counted again from the issues (test_cleanliness.py); faults of contacts have labelled tables.
WORKED_OUT_ELSEWHERE = {"rpt_crm_cleanliness", "rpt_new_contacts_review"}


@dataclass
class Described:
    """A report as the catalogue has it."""

    name: str
    grain: str
    fact: str
    condition: str
    dimensions: list[Column] = field(default_factory=list)
    measures: list[tuple[Column, str]] = field(default_factory=list)


def catalogue(connection: duckdb.DuckDBPyConnection) -> list[Described]:
    members = connection.execute(
        "select report, grain, fact, date_column, filter, day_filter, member, member_kind, column_name, "
        "additivity from marts.report_catalog"
    ).fetchall()
    found: dict[str, Described] = {}
    for name, grain, fact, date, condition, days, member, kind, column, additivity in members:
        parts = [f"{date} is not null"] if date else []
        parts += [f"({part})" for part in (condition, days) if part]
        report = found.setdefault(name, Described(name, grain, fact, " and ".join(parts) or "true"))
        if kind == "measure":
            report.measures.append(((member, column), additivity))
        else:
            report.dimensions.append((member, column))
    return list(found.values())


def test_every_report_is_compared_with_the_oracle(truth: Truth) -> None:
    with truth.incremental.connect() as connection:
        names = {report.name for report in catalogue(connection)}
    assert names - WORKED_OUT_ELSEWHERE == {model for model in KEYS if model.startswith("rpt_")}


def test_every_report_equals_the_records_behind_it(truth: Truth) -> None:
    with truth.incremental.connect() as connection:
        for report in catalogue(connection):
            if report.grain == "record":
                assert list_differences(connection, report) == [], report.name
                continue
            for (measure, column), additivity in report.measures:
                kept = [known for known in report.dimensions if known[0] in kept_apart(additivity)]
                for dimension in report.dimensions:
                    groups = sorted({dimension, *kept})
                    query = f"{of_report(report, groups, measure)} except {of_fact(report, groups, column)}"
                    assert connection.execute(query).fetchall() == [], (report.name, measure, dimension)


def kept_apart(additivity: str) -> set[str]:
    """The dimensions that a measure must not be summed over."""
    kind, _, names = additivity.partition("(")
    assert kind in {"full", "not_across", "stock"}, additivity
    return {name.strip() for name in names.rstrip(")").split(",") if name.strip()}


def of_report(report: Described, groups: list[Column], measure: str) -> str:
    return summed([of_report for of_report, _ in groups], measure, report.name, "true")


def of_fact(report: Described, groups: list[Column], measure: str) -> str:
    return summed([of_fact for _, of_fact in groups], measure, report.fact, report.condition)


def summed(columns: list[str], measure: str, table: str, condition: str) -> str:
    listed = ", ".join(columns)
    total = f"coalesce(sum({measure}), 0)"
    return f"(select {listed}, {total} from marts.{table} where {condition} group by {listed})"


def list_differences(connection: duckdb.DuckDBPyConnection, report: Described) -> list[object]:
    members = [*report.dimensions, *(measure for measure, _ in report.measures)]
    shown = ", ".join(name for name, _ in members)
    rows = ", ".join(column for _, column in members)
    fact = f"select {rows} from marts.{report.fact} where {report.condition}"
    query = f"(select {shown} from marts.{report.name} except all ({fact}))"
    found: list[object] = list(connection.execute(query).fetchall())
    return found
