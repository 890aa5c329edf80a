"""An answer as a workbook that people filter, print and keep: the rows first, then what they mean."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_col_to_name

from orchestration.console import UsageError
from orchestration.reports.about import about
from orchestration.reports.cells import Cell, cell_of, is_link, text_cell
from orchestration.reports.formats import heading_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from orchestration.reports.answer import Answer
    from orchestration.reports.meanings import Column

ABOUT = "About"
MOST_ROWS, MOST_LINKS = 1_048_576, 65_530
_LONGEST_SHEET_NAME = 31
_WIDEST, _ROOM, _FILTER_BUTTON = 60, 2, 3
_A4 = 9
_HEADER: dict[str, Any] = {"text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E7EBF0"}
# Files carry no time of writing: the same answer is the same file.
_EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001  Excel's times know no zone


def write_workbook(answer: Answer, path: Path) -> None:
    """Write an answer to `path`, with scratch files beside it."""
    if len(answer.rows) >= MOST_ROWS:
        raise UsageError(
            f"A sheet of Excel holds {MOST_ROWS - 1:,} rows, the answer has {len(answer.rows):,}.",
            "--format xlsx",
            "Ask for fewer with --where, or for --format csv.",
        )
    # Rows go to disk as they are written: a million records would not fit into memory as cells.
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
    book.set_properties({"title": answer.report.title, "created": _EPOCH})
    _write_answer(_Sheet(book, _sheet_name(answer)), answer)
    _write_about(_Sheet(book, ABOUT), answer)
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error


class _Sheet:
    """One sheet, written from top to bottom, whose columns become as wide as what they hold."""

    def __init__(self, book: Any, name: str) -> None:
        self._book, self.sheet = book, book.add_worksheet(name)
        self._formats: dict[tuple[object, ...], Any] = {}
        self._widths: dict[int, int] = {}
        self._links = 0

    def put(self, row: int, column: int, cell: Cell, **look: Any) -> None:
        """Write by type, never by what a text looks like."""
        used = self._format(cell, look)
        match cell.value:
            case bool():
                self.sheet.write_boolean(row, column, cell.value, used)
            case date():
                self.sheet.write_datetime(row, column, cell.value, used)
            case str():
                self.sheet.write_string(row, column, cell.value, used)
            case _:
                self.sheet.write_number(row, column, cell.value, used)
        if not look.get("text_wrap"):
            self.widen(column, cell.width)

    def put_link(self, row: int, column: int, address: str, text: str) -> None:
        """Write a link that reads as `text`; the plain address where Excel takes no more links."""
        if self._links == MOST_LINKS:
            self.put(row, column, text_cell(address))
            return
        self._links += 1
        cell = text_cell(text)
        look = self._format(cell, {"font_color": "blue", "underline": 1})
        self.sheet.write_url(row, column, address, look, cell.value)
        self.widen(column, cell.width)

    def put_total(self, row: int, column: int, cell: Cell, rows: int) -> None:
        """Write the sum of the rows that the reader's filter leaves; `cell` is that of all of them."""
        letter = xl_col_to_name(column)
        formula = f"=SUBTOTAL(109,{letter}2:{letter}{rows + 1})"
        self.sheet.write_formula(
            row, column, formula, self._format(cell, {"bold": True, "top": 1}), cell.value
        )
        self.widen(column, cell.width)

    def widen(self, column: int, width: int) -> None:
        """Make a column at least so wide."""
        self._widths[column] = max(self._widths.get(column, 0), width)

    def finish(self) -> None:
        """Set the widths; print in landscape with all columns on one page."""
        for column, width in self._widths.items():
            self.sheet.set_column(column, column, min(width + _ROOM, _WIDEST))
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&L&A&RPage &P of &N")

    def _format(self, cell: Cell, look: dict[str, Any]) -> Any:
        key = (cell.number_format, cell.is_like_a_formula, *look.items())
        if key not in self._formats:
            whole = {"num_format": cell.number_format, "quote_prefix": cell.is_like_a_formula, **look}
            self._formats[key] = self._book.add_format(whole)
        return self._formats[key]


def _write_answer(sheet: _Sheet, answer: Answer) -> None:
    """A header to filter by, a row per row, and a total where one is honest."""
    last = len(answer.columns) - 1
    for position, column in enumerate(answer.columns):
        heading = heading_of(column)
        sheet.put(0, position, text_cell(heading), bold=True, **_HEADER)
        sheet.widen(position, _least_width(heading))
    _write_rows(sheet, answer)
    _write_totals(sheet, answer)
    sheet.sheet.freeze_panes(1, 0)
    sheet.sheet.repeat_rows(0)
    sheet.sheet.autofilter(0, 0, len(answer.rows), last)
    # A name made of digits is no mistake to be marked with a green corner.
    data = f"A1:{xl_col_to_name(last)}{len(answer.rows) + 1}"
    sheet.sheet.ignore_errors({"number_stored_as_text": data})
    sheet.finish()


def _write_rows(sheet: _Sheet, answer: Answer) -> None:
    names = [column.name for column in answer.columns]
    kinds = [kind_of(column) for column in answer.columns]
    title = names.index("title") if "title" in names else None
    for number, row in enumerate(answer.rows, start=1):
        for position, value in enumerate(row):
            if names[position] == "record_url" and is_link(value):
                text = row[title] if title is not None else None
                sheet.put_link(number, position, str(value), str(text or value))
            elif cell := cell_of(value, kinds[position]):
                sheet.put(number, position, cell)


def _write_totals(sheet: _Sheet, answer: Answer) -> None:
    totals = _totals(answer)
    # After an empty row: there Excel ends what it sorts, filters and pivots.
    row = len(answer.rows) + 2
    if totals and 0 not in totals:
        sheet.put(row, 0, text_cell("Total"), bold=True)
    for position, cell in totals.items():
        sheet.put_total(row, position, cell, len(answer.rows))


def _write_about(sheet: _Sheet, answer: Answer) -> None:
    """Subjects in bold, what is said of them beside."""
    for row, line in enumerate(about(answer)):
        for position, text in enumerate(line):
            is_bold = position == 0 or line[0] == "Column"
            if text:
                sheet.put(row, position, text_cell(text), bold=is_bold, text_wrap=True, valign="top")
                sheet.widen(position, len(text))
    sheet.finish()


def _totals(answer: Answer) -> dict[int, Cell]:
    """Sums by the position of their column, where every record stands in one row and none is left out."""
    is_whole = answer.question.limit is None and not answer.notes
    if not is_whole or not 2 <= len(answer.rows) <= MOST_ROWS - 3:
        return {}
    sums = {
        position: _sum(answer.rows, position, column)
        for position, column in enumerate(answer.columns)
        if column.is_additive
    }
    return {position: cell for position, cell in sums.items() if cell}


def _sum(rows: Sequence[tuple[object, ...]], position: int, column: Column) -> Cell | None:
    values: list[Any] = [row[position] for row in rows if row[position] is not None]
    return cell_of(math.fsum(values), kind_of(column)) if values else None


def _least_width(heading: str) -> int:
    """Room for the longest word and the filter button, and for the whole heading in three lines."""
    return max([len(heading) // 3, *map(len, heading.split())]) + _FILTER_BUTTON


def _sheet_name(answer: Answer) -> str:
    """The title without what Excel forbids in the name of a sheet."""
    title = re.sub(r"[\[\]:*?/\\]", " ", answer.report.title)[:_LONGEST_SHEET_NAME].strip(" '")
    return title if title.casefold() not in {"", "history", ABOUT.casefold()} else "Answer"
