"""Values as cells of a workbook: of the type that Excel has for them, with format and width."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import quote

from rich.cells import cell_len

# Excel's limits: what is longer or older has no such cell.
LONGEST_TEXT, LONGEST_LINK, FIRST_YEAR = 32_767, 2_079, 1901
_SECONDS_PER_DAY = 86_400
# We write such texts as texts; without a quote before them Excel makes formulas of them when they are edited.
_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DAY, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
_DATES = {"month": "yyyy-mm", "year": "yyyy"}
_DURATION = "[h]:mm:ss"
# Excel's format of a number, and Python's of the same width.
_NUMBERS = {
    "money": ("#,##0.00", ",.2f"),
    "amount": ("#,##0.00", ",.2f"),
    "count": ("#,##0", ",.0f"),
    "percent": ("0.0%", ".1%"),
    "seconds": (_DURATION, ""),
    "duration": (_DURATION, ""),
    "": ("General", ".10g"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as Excel keeps it."""

    value: bool | float | date | str
    number_format: str = "General"
    width: int = 5
    is_like_a_formula: bool = False


def cell_of(value: object, kind: str) -> Cell | None:
    """A value of a column of this kind; None for nothing, which is an empty cell and not an empty text."""
    match value:
        case None | "":
            return None
        case bool():
            return Cell(value)
        case datetime():
            return _moment(value)
        case date() if value.year >= FIRST_YEAR:
            return Cell(value, _DATES.get(kind, _DAY), len(_DAY))
        case int() | float() | Decimal() if math.isfinite(value):
            return _number(float(value), kind)
    return text_cell(str(value))


def text_cell(text: str) -> Cell:
    """A text that stays one, however it begins."""
    fitting = text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
    return Cell(fitting, "General", cell_len(fitting), text.startswith(_LIKE_A_FORMULA))


def is_link(text: object) -> bool:
    """Whether a text is an address that Excel can open and a browser should."""
    return (
        isinstance(text, str)
        and text.isprintable()
        and text.lower().startswith(("http://", "https://"))
        and len(quote(text, safe="%/:?#[]@!$&'()*+,;=~")) <= LONGEST_LINK
    )


def _moment(value: datetime) -> Cell:
    if value.year < FIRST_YEAR:
        return text_cell(value.isoformat(sep=" "))
    in_utc = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return Cell(in_utc, _MOMENT, len(_MOMENT))


def _number(value: float, kind: str) -> Cell:
    number_format, shown = _NUMBERS.get(kind, _NUMBERS[""])
    if number_format == _DURATION:
        return Cell(value / _SECONDS_PER_DAY, number_format, len(f"{value / 3600:.0f}:00:00"))
    return Cell(value, number_format, len(format(value, shown)))
