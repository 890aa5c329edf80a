"""From a question (report, fields, condition) to one statement."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from orchestration.console import UsageError
from orchestration.reports.defaults import STAND_INS, Ratio, default_grouping, keys_behind, ratios_of
from orchestration.reports.fields import (
    CustomField,
    FactField,
    Field,
    Fields,
    PeriodField,
    ReportingPeriod,
    not_a_field,
    quoted,
)
from orchestration.reports.filters import Filter
from orchestration.reports.levels import AS_OF, Levels
from orchestration.reports.meanings import Column, column_of
from orchestration.reports.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from orchestration.reports.catalogue import Member, Report

POSITION = "stage_position"
_ROWS = Column("row_count", "count", "Rows of the list.", is_additive=True)


@dataclass(frozen=True)
class Question:
    """What is asked of a report."""

    by: tuple[str, ...] = ()
    where: str | None = None
    as_of: date | None = None
    limit: int | None = None
    # How many rows are shown where more would not help anybody; the answer says how many there are.
    shown: int | None = None


@dataclass(frozen=True)
class Composition:
    """One statement with the values bound to it and the columns it answers with."""

    sql: str
    parameters: dict[str, object]
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = field(default=())
    # Counts the rows of which only the first are shown; None where all are.
    counting: Composition | None = None


def compose_report(
    report: Report, fields: Fields, question: Question, levels: Levels | None = None
) -> Composition:
    """The report grouped by the fields asked for."""
    grouping = [fields.resolve(name) for name in question.by or default_grouping(report)]
    condition = Filter(question.where, fields) if question.where else None
    _refuse_measures(report, grouping)
    _refuse_false_sums(report, grouping, condition)
    statement = Statement(report.fact)
    spans = _spans(report, levels, statement)
    unseen = [fields.resolve(name) for name in keys_behind(report, question)]
    keys = [statement.expression(item) for item in (*grouping, *unseen)]
    ratios = ratios_of(report)
    selected = [f"{key} as {quoted(item.name)}" for key, item in zip(keys, grouping, strict=False)]
    selected += [f"{_aggregate(measure, spans)} as {quoted(measure.name)}" for measure in report.measures]
    selected += [f"{_quotient(ratio)} as {quoted(ratio.name)}" for ratio in ratios]
    if report.is_list:
        selected.append(f"count(*) as {_ROWS.name}")
    lines = [
        "select\n    " + ",\n    ".join(selected),
        statement.source(),
        _where(report, fields, condition, question, statement, _only_levels(report, spans)),
        f"group by {', '.join(keys)}",
        f"order by {', '.join(_order(report, [*grouping, *unseen], keys))}",
    ]
    columns = [column_of(report, item) for item in (*grouping, *_measures(report))]
    columns += [Column(ratio.name, ratio.format, ratio.meaning) for ratio in ratios]
    columns += [_ROWS] if report.is_list else []
    if _is_told_by_sums(report, {*grouping, *unseen, *(condition.fields() if condition else ())}):
        statement.fact = report.name
    # The joins are complete only now: the condition may have added some.
    lines[1] = statement.source()
    return _finished(lines, statement, columns, question, _notes(grouping))


def compose_records(
    report: Report, fields: Fields, question: Question, levels: Levels | None = None
) -> Composition:
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
    days = _only_levels(report, _spans(report, levels, statement)) if _is_all_last(report) else None
    where = f"{_where(report, fields, condition, question, statement, days)}\n    and ({counted})"
    lines = ["select\n    " + ",\n    ".join(selected), statement.source(), where, f"order by {order}"]
    made = [column_of(report, item) for item in shown]
    return _first_ones(lines, statement, made, question, _notes(grouping))


def compose_list(report: Report, fields: Fields, question: Question) -> Composition:
    """The rows of a list as they are, the newest first; fields asked for stand before its columns."""
    condition = Filter(question.where, fields) if question.where else None
    grouping = [fields.resolve(name) for name in question.by]
    members = {member.name: member for member in (*report.dimensions, *report.measures)}
    columns = [_member_field(report, members[name]) for name in report.columns]
    shown = list(dict.fromkeys([*grouping, *columns]))
    statement = Statement(report.fact)
    selected = [f"{statement.expression(item)} as {quoted(item.name)}" for item in shown]
    where = _where(report, fields, condition, question, statement)
    order = [f"fact.{quoted(report.date_column)} desc nulls last"] if report.date_column else []
    order += ["fact.record_key"] if "record_key" in report.fact_columns else []
    lines = ["select\n    " + ",\n    ".join(selected), statement.source(), where]
    lines.append(f"order by {', '.join(order) or 'all'}")
    made = [column_of(report, item) for item in shown]
    return _first_ones(lines, statement, made, question, _notes(grouping))


def _first_ones(
    lines: list[str],
    statement: Statement,
    columns: Sequence[Column],
    question: Question,
    notes: tuple[str, ...],
) -> Composition:
    """As many rows as are shown where nobody said how many, and how to count them all."""
    if question.limit is not None or question.shown is None:
        return _finished(lines, statement, columns, question, notes)
    counting = Composition("\n".join(["select count(*)", *lines[1:3]]), dict(statement.parameters), ())
    first = _finished(lines, statement, columns, replace(question, limit=question.shown), notes)
    return replace(first, counting=counting)


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


def _spans(report: Report, levels: Levels | None, statement: Statement) -> dict[bool, str]:
    """Conditions that hold on the dates of levels: of the first ones by True, of the last ones by False."""
    if levels is None:
        return {}
    dates = {True: levels.first, False: levels.last}
    return {
        is_first: f"fact.{quoted(levels.column)} in ({statement.bind_all(dates[is_first]) or 'null'})"
        for is_first in {item.is_first for item in report.measures if item.stock_date}
    }


def _is_told_by_sums(report: Report, named: set[Field]) -> bool:
    """Whether the kept sums answer as the fact does: where nothing is named that they have not kept apart."""
    kept = {member.column for member in report.dimensions if member.name == member.column}
    is_plain = not (report.is_list or report.filter or report.day_filter)
    needed = {POSITION} & report.fact_columns.keys()
    needed |= {"stage_kind" for ratio in ratios_of(report) if ratio.stage_kind}
    are_sums = all(item.name == item.column and not item.distinct_key for item in report.measures)
    are_kept = all(isinstance(item, FactField | PeriodField) and item.column in kept for item in named)
    return report.is_table and is_plain and needed <= kept and are_sums and are_kept


def _only_levels(report: Report, spans: dict[bool, str]) -> str | None:
    """Other days need not be read where all measures are last levels."""
    return spans.get(False) if _is_all_last(report) else None


def _is_all_last(report: Report) -> bool:
    return all(item.stock_date and not item.is_first for item in report.measures)


def _aggregate(measure: Member, spans: dict[bool, str]) -> str:
    if measure.stock_date and spans:
        return f"sum(fact.{quoted(measure.column)}) filter (where {spans[measure.is_first]})"
    if measure.distinct_key:
        counted = f"filter (where fact.{quoted(measure.column)} <> 0)"
        return f"count(distinct fact.{quoted(measure.distinct_key)}) {counted}"
    return f"sum(fact.{quoted(measure.column)})"


def _quotient(ratio: Ratio) -> str:
    only = f" filter (where fact.stage_kind = '{ratio.stage_kind}')" if ratio.stage_kind else ""
    divisor = " + ".join(f"sum(fact.{quoted(name)}){only}" for name in ratio.denominators)
    return f"sum(fact.{quoted(ratio.numerator)}){only} / nullif({divisor}, 0)"


def _where(  # noqa: PLR0913, PLR0917  everything that keeps rows out
    report: Report,
    fields: Fields,
    condition: Filter | None,
    question: Question,
    statement: Statement,
    days: str | None = None,
) -> str:
    parts = [f"fact.{quoted(report.date_column)} is not null"] if report.date_column else ["true"]
    if question.as_of:
        parts.append(f"fact.{quoted(AS_OF)} = {statement.bind(question.as_of)}")
    elif days:
        parts.append(days)
    elif report.day_filter and not _is_one_day(report, condition):
        parts.append(f"fact.{quoted(report.day_filter)}")
    if report.filter:
        parts.append(Filter(report.filter, fields).write(statement))
    if condition:
        parts.append(condition.write(statement))
    return "where " + "\n    and ".join(parts)


def _is_one_day(report: Report, condition: Filter | None) -> bool:
    """Whether the condition holds the date to one day: any can be told then, not only those that are kept."""
    return condition is not None and report.stock_date in {item.name for item in condition.fixed()}


def _refuse_measures(report: Report, grouping: Sequence[Field]) -> None:
    for item in grouping:
        if isinstance(item, ReportingPeriod):
            raise not_a_field(item)
        if item.name in {measure.name for measure in report.measures}:
            raise UsageError(
                f"{item.name} is what this report adds up; it cannot group by it as well.",
                report.name,
                f"Take a dimension for --by; --where takes conditions on {item.name}.",
            )


def _refuse_false_sums(report: Report, grouping: Sequence[Field], condition: Filter | None) -> None:
    told_apart = {item.name for item in grouping} | {
        item.name for item in (condition.fixed() if condition else ())
    }
    for measure in report.measures:
        for dimension in measure.not_across:
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
    return [_member_field(report, item) for item in report.measures]


def _member_field(report: Report, member: Member) -> FactField:
    return FactField(member.name, member.column, report.fact_columns[member.column])


def _fact_field(report: Report, name: str) -> FactField:
    return FactField(name, name, report.fact_columns[name])


def _notes(grouping: Sequence[Field]) -> tuple[str, ...]:
    return tuple(
        f"{item.name} may hold several values: a record counts once under each of them."
        for item in grouping
        if isinstance(item, CustomField) and item.is_multiple
    )
