"""`dealhouse report`: any report by any field."""

from __future__ import annotations

import csv
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from extract.core.lake import Lake
from extract.core.settings import dealhouse_home
from orchestration.console import SUCCESS, UsageError, cells, err, out, plain_table, print_whole
from orchestration.places import Places
from orchestration.reports.answer import Answer, ask, list_reports
from orchestration.reports.blocks import shown
from orchestration.reports.composition import Question
from orchestration.reports.format_names import Format
from orchestration.reports.formats import WRITERS
from orchestration.reports.output import replaceable, whole_file

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

# Of a list or of records, in the terminal.
SHOWN = 50
STANDARD_OUTPUT = Path("-")
WRITTEN = (Format.CSV, Format.JSON, Format.XLSX)


def print_report(  # noqa: PLR0913  one parameter per option
    name: str | None,
    by: str | None,
    where: str | None,
    as_of: date | None,
    limit: int | None,
    *,
    is_records: bool,
    form: Format,
    output: Path | None,
) -> int:
    """Answer one question on standard output or in a file."""
    if not name:
        raise UsageError("Name a report.", "", "List them: dealhouse report --list")
    form = _form_of(output, form)
    path = replaceable(output) if output and output != STANDARD_OUTPUT else None
    most = SHOWN if form is Format.TABLE else None
    question = Question(split_fields(by), where, as_of, limit, most)
    places = Places(dealhouse_home())
    currency = Lake(places.home).reporting_currency()
    answer = ask(places.served_database, name, question, is_records=is_records, currency=currency)
    if path:
        _save(answer, form, path, err)
    elif form is Format.XLSX:
        _save(answer, form, replaceable(Path(f"{answer.report.name}.xlsx")), out)
    else:
        _print(answer, form, where)
    if not answer.rows:
        err.print("[yellow]Note:[/] No row answers this.", soft_wrap=True)
    for note in answer.notes:
        err.print(f"[yellow]Note:[/] {cells(note)[0]}", soft_wrap=True)
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


def _form_of(output: Path | None, form: Format) -> Format:
    """The format that was asked for, or that the name of the file tells."""
    if output is None:
        return form
    told = next((each for each in WRITTEN if output.suffix.lower() == f".{each}"), None)
    if form is Format.TABLE and told:
        return told
    if form is Format.TABLE:
        raise UsageError("A table is for the terminal.", "--output", "Add --format xlsx, csv or json.")
    if told and told is not form:
        raise UsageError(f"The name says {told}, the format {form}.", str(output), "Name one of them.")
    if form is Format.XLSX and output == STANDARD_OUTPUT:
        raise UsageError("A workbook is no text.", "--output -", "Give --output the name of a file.")
    return form


def _print(answer: Answer, form: Format, where: str | None) -> None:
    if form is Format.TABLE:
        # Not the title of a table, which would break where the table ends.
        out.print(f"[bold]{cells(_title(answer, where))[0]}[/]", soft_wrap=True)
        parts, remark = shown(answer, out.width)
        for number, part in enumerate(parts):
            if number:
                out.print()
            print_whole(part)
        if remark:
            err.print(f"[yellow]Note:[/] {cells(remark)[0]}", soft_wrap=True)
    else:
        typer.echo(WRITERS[form](answer.columns, answer.rows), nl=False)


def _title(answer: Answer, where: str | None) -> str:
    """The title with what the answer is about though nobody asked for it."""
    title = answer.report.title
    if answer.has_money and answer.currency:
        title += f", {answer.currency}"
    if answer.question.as_of:
        title += f", at the end of {answer.question.as_of}"
    return title if answer.question.where == where else f"{title} ({answer.question.where})"


def _save(answer: Answer, form: Format, path: Path, told: Console) -> None:
    with whole_file(path) as part:
        if form is Format.XLSX:
            # Imported only when a workbook is asked for: every other answer starts faster without.
            import_module("orchestration.reports.workbook").write_workbook(answer, part)
        else:
            part.write_text(WRITERS[form](answer.columns, answer.rows), encoding="utf-8")
    told.print(f"{len(answer.rows):,} rows are in {cells(path)[0]}", soft_wrap=True)
