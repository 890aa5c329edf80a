"""`dealhouse report`: any report by any field."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import typer

from extract.core.settings import dealhouse_home
from orchestration.console import SUCCESS, UsageError, cells, err, out, plain_table, print_whole
from orchestration.places import Places
from orchestration.reports.answer import Answer, ask, list_reports
from orchestration.reports.composition import Question
from orchestration.reports.format_names import Format
from orchestration.reports.formats import WRITERS, table

if TYPE_CHECKING:
    from datetime import date


def print_report(  # noqa: PLR0913  one parameter per option
    name: str | None,
    by: str | None,
    where: str | None,
    as_of: date | None,
    limit: int | None,
    *,
    is_records: bool,
    form: Format,
) -> int:
    """Answer one question on standard output."""
    if not name:
        raise UsageError("Name a report.", "", "List them: dealhouse report --list")
    question = Question(split_fields(by), where, as_of, limit)
    _write(ask(Places(dealhouse_home()).served_database, name, question, is_records=is_records), form)
    return SUCCESS


def print_list() -> int:
    """Every report with its question."""
    shown = plain_table("report", "answers")
    for name, (title, question) in list_reports(Places(dealhouse_home()).served_database).items():
        shown.add_row(*cells(name, question or title))
    out.print(shown)
    return SUCCESS


def split_fields(text: str | None) -> tuple[str, ...]:
    """Fields separated by commas; one with a comma in its name stands in double quotes."""
    names = next(csv.reader([text], skipinitialspace=True), []) if text else []
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _write(answer: Answer, form: Format) -> None:
    if form is Format.TABLE:
        print_whole(table(answer.columns, answer.rows, answer.report.title))
    else:
        typer.echo(WRITERS[form](answer.columns, answer.rows), nl=False)
    for note in answer.notes:
        err.print(f"[yellow]Note:[/] {cells(note)[0]}", soft_wrap=True)
