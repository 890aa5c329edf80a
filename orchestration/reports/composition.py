"""From a question (report, fields, condition) to one statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.console import UsageError
from orchestration.reports.defaults import STAND_INS, Ratio, default_grouping, ratios_of
from orchestration.reports.fields import CustomField, FactField, Field, Fields, quoted
from orchestration.reports.filters import Filter
from orchestration.reports.meanings import Column, column_of
from orchestration.reports.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from orchestration.reports.catalogue import Member, Report

POSITION = "stage_position"


@dataclass(frozen=True)
class Question:
    """What is asked of a report."""

    by: tuple[str, ...] = ()
    where: str | None = None
    as_of: date | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Composition:
    """One statement with the values bound to it and the columns it answers with."""

    sql: str
    parameters: dict[str, object]
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = field(default=())


def compose_report(report: Report, fields: Fields, question: Question) -> Composition:
    """The report grouped by the fields asked for."""
    grouping = [fields.resolve(name) for name in question.by or default_grouping(report)]
    condition = Filter(question.where, fields) if question.where else None
    _refuse_false_sums(report, grouping, condition)
    statement = Statement(report.fact)
    keys = [statement.expression(item) for item in grouping]
    ratios = ratios_of(report)
    selected = [f"{key} as {quoted(item.name)}" for key, item in zip(keys, grouping, strict=True)]
    selected += [f"{_aggregate(measure)} as {quoted(measure.name)}" for measure in report.measures]
    selected += [f"{_quotient(ratio)} as {quoted(ratio.name)}" for ratio in ratios]
    lines = [
        "select\n    " + ",\n    ".join(selected),
        statement.source(),
        _where(report, fields, condition, question, statement),
        f"group by {', '.join(keys)}",
        f"order by {', '.join(_order(report, grouping, keys))}",
    ]
    columns = [column_of(report, item) for item in (*grouping, *_measures(report))]
    columns += [Column(ratio.name, ratio.format, ratio.meaning) for ratio in ratios]
    # The joins are complete only now: the condition may have added some.
    lines[1] = statement.source()
    return _finished(lines, statement, columns, question, _notes(grouping))


def compose_records(report: Report, fields: Fields, question: Question) -> Composition:
    """The records behind the report's numbers: rows of the fact that count for at least one measure."""
    condition = Filter(question.where, fields) if question.where else None
    grouping = [fields.resolve(name) for name in question.by or default_grouping(report)]
    leading = [_fact_field(report, name) for name in ("title", "connection") if name in report.fact_columns]
    link = [_fact_field(report, "record_url")] if "record_url" in report.fact_columns else []
    shown = list(dict.fromkeys([*leading, *grouping, *_measures(report), *link]))
    statement = Statement(report.fact)
    selected = [f"{statement.expression(item)} as {quoted(item.name)}" for item in shown]
    counted = " or ".join(f"fact.{quoted(item.column)} <> 0" for item in report.measures)
    order = "fact.record_key" if "record_key" in report.fact_columns else "all"
    where = f"{_where(report, fields, condition, question, statement)}\n    and ({counted})"
    return _finished(
        ["select\n    " + ",\n    ".join(selected), statement.source(), where, f"order by {order}"],
        statement,
        [column_of(report, item) for item in shown],
        question,
        _notes(grouping),
    )


def _finished(
    lines: list[str],
    statement: Statement,
    columns: Sequence[Column],
    question: Question,
    notes: tuple[str, ...],
) -> Composition:
    if question.limit is not None:
        lines.append(f"limit {statement.bind(question.limit)}")
    return Composition("\n".join(lines), statement.parameters, tuple(columns), notes)


def _aggregate(measure: Member) -> str:
    if measure.distinct_key:
        counted = f"filter (where fact.{quoted(measure.column)} <> 0)"
        return f"count(distinct fact.{quoted(measure.distinct_key)}) {counted}"
    return f"sum(fact.{quoted(measure.column)})"


def _quotient(ratio: Ratio) -> str:
    only = f" filter (where fact.stage_kind = '{ratio.stage_kind}')" if ratio.stage_kind else ""
    divisor = " + ".join(f"sum(fact.{quoted(name)}){only}" for name in ratio.denominators)
    return f"sum(fact.{quoted(ratio.numerator)}){only} / nullif({divisor}, 0)"


def _where(
    report: Report, fields: Fields, condition: Filter | None, question: Question, statement: Statement
) -> str:
    parts = [f"fact.{quoted(report.date_column)} is not null"] if report.date_column else ["true"]
    if question.as_of:
        moment = _as_of_field(report, fields)
        parts.append(f"{statement.expression(moment)} = {statement.bind(question.as_of)}")
    if condition:
        parts.append(condition.write(statement))
    return "where " + "\n    and ".join(parts)


def _as_of_field(report: Report, fields: Fields) -> Field:
    if not any(member.name == "as_of_date" for member in report.dimensions):
        raise UsageError(
            f"{report.name} tells what is true now; it does not support --as-of.",
            "--as-of",
            f"Ask for a period: --where \"{report.date_column or 'created_date'} < '2026-01-01'\".",
        )
    return fields.resolve("as_of_date")


def _refuse_false_sums(report: Report, grouping: Sequence[Field], condition: Filter | None) -> None:
    told_apart = {item.name for item in grouping} | {
        item.name for item in (condition.fixed() if condition else ())
    }
    for measure in report.measures:
        wanted = measure.not_across + ((measure.stock_date,) if measure.stock_date else ())
        for dimension in wanted:
            if dimension in told_apart or any(names <= told_apart for names in STAND_INS.get(dimension, ())):
                continue
            raise UsageError(
                f"{measure.name} may not be summed over {dimension}: a record counts once in each.",
                report.name,
                f"Add {_spoken(dimension)} to --by, or fix one value of it with --where.",
            )


def _spoken(dimension: str) -> str:
    stand_ins = STAND_INS.get(dimension)
    return f"{dimension} (or {' and '.join(sorted(stand_ins[-1]))})" if stand_ins else dimension


def _order(report: Report, grouping: Sequence[Field], keys: Sequence[str]) -> list[str]:
    """By the fields asked for, stages in their order in the pipeline."""
    ordered = []
    for item, key in zip(grouping, keys, strict=True):
        if item.name in {"stage_name", "stage_key"} and POSITION in report.fact_columns:
            ordered.append(f"min(fact.{quoted(POSITION)}) nulls last")
        ordered.append(f"{key} nulls last")
    return ordered


def _measures(report: Report) -> list[FactField]:
    return [FactField(item.name, item.column, report.fact_columns[item.column]) for item in report.measures]


def _fact_field(report: Report, name: str) -> FactField:
    return FactField(name, name, report.fact_columns[name])


def _notes(grouping: Sequence[Field]) -> tuple[str, ...]:
    return tuple(
        f"{item.name} may hold several values: a record counts once under each of them."
        for item in grouping
        if isinstance(item, CustomField) and item.is_multiple
    )
