"""What somebody must know to read an answer later, far from the command that asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.reports.defaults import default_grouping
from orchestration.reports.formats import heading_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.reports.answer import Answer

Line = tuple[str, str, str]
_UNITS = (
    "Dates are days in the reporting time zone, times of day are in UTC,"
    " lengths of time are hours:minutes:seconds, money is in {currency}."
)
_TOTALS = (
    "A total stands where rows may be added up, and follows the filter;"
    " elsewhere they overlap, are quotients, or some were left out."
)


def about(answer: Answer) -> Iterator[Line]:
    """Lines of a subject, what is said of it, and a third cell where two are not enough."""
    yield "Report", answer.report.title, answer.report.name
    yield "Question", answer.report.question, ""
    yield from _asked(answer)
    for name, moment in answer.version.data_as_of.items():
        yield "Data as of (UTC)", f"{moment:%Y-%m-%d %H:%M}", name
    yield "Version", answer.version.run_id, ""
    yield "", "", ""
    yield "Column", "What it means", "Name for --by and --where"
    for column in answer.columns:
        yield heading_of(column), column.meaning, column.name
    yield "", "", ""
    units = _UNITS.format(currency=answer.currency or "the reporting currency")
    for note in (*answer.notes, units, _TOTALS):
        yield "Note", note, ""


def _asked(answer: Answer) -> Iterator[Line]:
    question = answer.question
    grouping = ", ".join(question.by or default_grouping(answer.report))
    rows = "the records behind the numbers" if answer.is_records else f"one per {grouping}"
    yield "Rows", rows, f"by {grouping}" if answer.is_records else ""
    yield "Only where", question.where or "no condition: all rows of the report", ""
    if question.as_of:
        yield "State at the end of", question.as_of.isoformat(), ""
    if question.limit:
        yield "At most", f"{question.limit:,} rows were asked for: there may be more", ""
