"""An answer as a table for people, CSV or JSON; a further format is one more function in `WRITERS`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table

from orchestration.console import cells

if TYPE_CHECKING:
    from orchestration.reports.meanings import Column

Rows = Sequence[Sequence[object]]
_LONG_TEXT = 32
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def table(columns: Sequence[Column], rows: Rows, title: str | None = None) -> Table:
    """Rows formatted for people; headings break, numbers and links never do."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for position, column in enumerate(columns):
        values = [row[position] for row in rows]
        justify: Literal["right", "left"] = "right" if any(map(_is_number, values)) else "left"
        heading = heading_of(column)
        width = max((_width(readable(value, column)) for value in values), default=0)
        least = max(width, *(cell_len(word) for word in heading.split()))
        made.add_column(escape(heading), justify=justify, overflow="fold", min_width=least)
    for row in rows:
        made.add_row(*cells(*(readable(value, column) for value, column in zip(row, columns, strict=True))))
    return made


def width_of(made: Table) -> int:
    """The room that a table needs so that nothing in it is cut."""
    return sum((column.min_width or 0) + 2 for column in made.columns)


def heading_of(column: Column) -> str:
    """A column's name as people read it; lengths of time are kept in seconds but not shown in them."""
    name = column.name.replace("_", " ")
    return name.replace("seconds", "time") if kind_of(column) == "seconds" else name


def kind_of(column: Column) -> str:
    """The format of a column; one that the catalogue says nothing about is told by its name."""
    return column.format or _guessed_format(column.name)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _width(text: str) -> int:
    """The room a value needs: long texts may break, links and numbers may not."""
    return cell_len(text) if "://" in text else min(cell_len(text), _LONG_TEXT)


def readable(value: object, column: Column) -> str:
    """One value as people write it."""
    kind = kind_of(column)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if not isinstance(value, int | float | Decimal):
        return str(value)
    return _NUMBERS.get(kind, _plain)(Decimal(str(value)))


def as_csv(columns: Sequence[Column], rows: Rows) -> str:
    """Raw values, comma-separated, with a heading."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    writer.writerows([_raw(value) for value in row] for row in rows)
    return text.getvalue()


def as_json(columns: Sequence[Column], rows: Rows) -> str:
    """Raw values, one object per row."""
    names = [column.name for column in columns]
    objects = [dict(zip(names, map(_json_value, row), strict=True)) for row in rows]
    return json.dumps(objects, ensure_ascii=False, indent=2) + "\n"


WRITERS: dict[str, Callable[[Sequence[Column], Rows], str]] = {"csv": as_csv, "json": as_json}


def duration(seconds: Decimal) -> str:
    """Seconds as days and hours, hours and minutes, or minutes."""
    whole = int(seconds)
    if whole >= _DAY:
        return f"{whole // _DAY}d {whole % _DAY // _HOUR}h"
    if whole >= _HOUR:
        return f"{whole // _HOUR}h {whole % _HOUR // _MINUTE}m"
    return f"{whole // _MINUTE}m"


def _money(value: Decimal) -> str:
    return f"{value:,.0f}"


def _percent(value: Decimal) -> str:
    return f"{value * 100:.1f} %"


def _plain(value: Decimal) -> str:
    return f"{value:,}" if value == value.to_integral_value() and "." not in str(value) else f"{value:,.2f}"


_NUMBERS: dict[str, Callable[[Decimal], str]] = {
    "money": _money,
    "amount": _money,
    "percent": _percent,
    "seconds": duration,
    "duration": duration,
}


def _guessed_format(name: str) -> str:
    if "seconds" in name:
        return "seconds"
    return "money" if name.endswith("amount") else ""


def _raw(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, float):
        return round(value, 6)
    return value.isoformat(sep=" ") if isinstance(value, datetime) else value


def _json_value(value: object) -> object:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case float():
            return round(value, 6)
        case date():
            return value.isoformat()
    return value
