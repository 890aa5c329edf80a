"""Answers of many measures for people: where rows are too wide to read, each becomes a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table

from orchestration.console import cells
from orchestration.reports.defaults import default_grouping
from orchestration.reports.formats import heading_of, readable, table, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.reports.answer import Answer

# Fewer measures are read across, however wide.
_MANY = 9
_GAP = 2


def shown(answer: Answer, width: int) -> tuple[list[Table], str | None]:
    """The tables an answer is printed as in a terminal of this width, and what to say of them."""
    whole = table(answer.columns, answer.rows)
    if answer.is_records or (answer.report.is_list and not answer.question.by):
        return _list(answer, whole, width)
    keys = len(answer.question.by or default_grouping(answer.report))
    is_turned = len(answer.columns) - keys >= _MANY and answer.rows
    if not is_turned or width_of(whole) <= width:
        return [whole], None
    return list(_blocks(answer, keys, width)), None


def _list(answer: Answer, whole: Table, width: int) -> tuple[list[Table], str | None]:
    """The columns that fit, in their order, without keys (names stand beside them) and without empty ones."""
    kept: list[int] = []
    left_out: list[str] = []
    room = width
    for position, (column, made) in enumerate(zip(answer.columns, whole.columns, strict=True)):
        is_empty = all(row[position] in {None, ""} for row in answer.rows)
        if column.name.endswith("_key") or (is_empty and answer.rows):
            continue
        room -= (made.min_width or 0) + _GAP
        if room >= 0 or not kept:
            kept.append(position)
        else:
            room += (made.min_width or 0) + _GAP
            left_out.append(column.name)
    rows = [[row[position] for position in kept] for row in answer.rows]
    fitting = table([answer.columns[position] for position in kept], rows)
    if not left_out:
        return [fitting], None
    return [fitting], f"There is no room for {', '.join(left_out)}; --format csv or xlsx has every column."


def _blocks(answer: Answer, keys: int, width: int) -> Iterator[Table]:
    names = [heading_of(column) for column in answer.columns[keys:]]
    turned = [_turned(answer, row, keys) for row in answer.rows]
    room = width - max(map(cell_len, names))
    place = 0
    while place < len(turned):
        block = _fitting(turned[place:], room)
        made = Table(box=None, pad_edge=False)
        made.add_column("", no_wrap=True, min_width=max(map(cell_len, names)))
        for heading, values in block:
            made.add_column(escape(heading), justify="right", no_wrap=True, min_width=_width(heading, values))
        for number, name in enumerate(names):
            made.add_row(*cells(name, *(values[number] for _, values in block)))
        yield made
        place += len(block)


def _turned(answer: Answer, row: tuple[object, ...], keys: int) -> tuple[str, list[str]]:
    texts = [readable(value, column) for value, column in zip(row, answer.columns, strict=True)]
    return "\n".join(texts[:keys]), texts[keys:]


def _fitting(turned: list[tuple[str, list[str]]], room: int) -> list[tuple[str, list[str]]]:
    """As many as stand beside each other, one at least."""
    count = 0
    for heading, values in turned:
        room -= _width(heading, values) + _GAP
        if room < 0:
            break
        count += 1
    return turned[: max(count, 1)]


def _width(heading: str, values: list[str]) -> int:
    return max(cell_len(text) for text in (*heading.split("\n"), *values))
