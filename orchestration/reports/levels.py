"""Levels, which are no sums over time: the days they are read on when a question spans several."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orchestration.console import UsageError
from orchestration.reports.defaults import default_grouping
from orchestration.reports.fields import FactField, Field, Fields, PeriodField, quoted
from orchestration.reports.filters import Filter
from orchestration.reports.statement import Statement

if TYPE_CHECKING:
    from datetime import date

    import duckdb

    from orchestration.reports.catalogue import Report
    from orchestration.reports.composition import Question

AS_OF = "as_of_date"
DAYS = "dim_as_of_days"


@dataclass(frozen=True)
class Levels:
    """The first and the last date, of all or of each period asked for, on which a report has levels."""

    column: str
    first: tuple[date, ...]
    last: tuple[date, ...]


def settle(
    connection: duckdb.DuckDBPyConnection, report: Report, fields: Fields, question: Question
) -> tuple[Question, Levels | None]:
    """The question with the day it is about, and the dates of its levels where it spans several."""
    if question.as_of:
        _refuse_unknown_day(connection, report, question.as_of)
        return question, None
    stock = report.stock_date
    if stock is None:
        return question, None
    grouping = [fields.resolve(name) for name in question.by or default_grouping(report)]
    condition = Filter(question.where, fields) if question.where else None
    if stock in {item.name for item in grouping} | {item.name for item in _fixed(condition)}:
        return question, None
    column = FactField(stock, report.date_column or stock, "DATE")
    dates = condition.only_about(column.column, report.name) if condition else None
    periods = [item for item in grouping if isinstance(item, PeriodField) and item.column == column.column]
    levels = _read(connection, report, column, dates, periods)
    if stock == AS_OF and not periods and dates is None and levels.last:
        return replace(question, as_of=levels.last[0]), None
    return question, levels


def _fixed(condition: Filter | None) -> set[Field]:
    return condition.fixed() if condition else set()


def _read(
    connection: duckdb.DuckDBPyConnection,
    report: Report,
    column: FactField,
    dates: Filter | None,
    periods: list[PeriodField],
) -> Levels:
    """The calendar tells the days of states, and else the report its dates: both know those without a row."""
    statement = Statement(DAYS if column.name == AS_OF else report.name)
    source = FactField(column.name, column.name, column.type)
    keys = [statement.expression(replace(period, column=source.column)) for period in periods]
    parts = [f"{statement.expression(source)} is not null"]
    if column.name == AS_OF and report.day_filter:
        parts.append(f"fact.{quoted(report.day_filter)}")
    if dates:
        parts.append(dates.write(statement))
    rows = connection.execute(
        f"select min(fact.{quoted(source.column)}), max(fact.{quoted(source.column)})"
        f" {statement.source()} where {' and '.join(parts)}{' group by ' if keys else ''}{', '.join(keys)}",
        statement.parameters,
    ).fetchall()
    found = [row for row in rows if row[0] is not None]
    return Levels(column.column, tuple(row[0] for row in found), tuple(row[1] for row in found))


def _refuse_unknown_day(connection: duckdb.DuckDBPyConnection, report: Report, day: date) -> None:
    if report.stock_date != AS_OF:
        condition = f"{report.date_column or 'created_date'} < '2026-01-01'"
        raise UsageError(
            f"{report.name} tells what is true now; it does not support --as-of.",
            "--as-of",
            f'Ask for a period: --where "{condition}".',
        )
    known = connection.execute("select min(as_of_date), max(as_of_date) from marts.dim_as_of_days").fetchone()
    first, last = known or (None, None)
    if first is None:
        raise UsageError("No day is known yet: there are no records.", "--as-of", "Run `dealhouse run`.")
    if day > last:
        raise UsageError(
            f"The data ends with {last}: nobody knows {day} yet.",
            "--as-of",
            f"Ask for {last} or a day before.",
        )
    if day < first:
        raise UsageError(
            f"The first record is of {first}: before it there is nothing to tell.",
            "--as-of",
            f"Ask for {first} or a day after.",
        )
