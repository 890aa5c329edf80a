"""rpt_period_comparison: what was created, won and lost in a period, the one before and a year before."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.oracle.inputs import Row
    from tests.oracle.records import Deal

TYPES = ("day", "week", "month", "quarter", "year")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
EVENTS = ("created", "won", "lost")
OFFSETS = ("", "previous_", "year_ago_", "previous_to_date_")
MEASURES = tuple(
    f"{offset}{event}_{kind}" for offset in OFFSETS for event in EVENTS for kind in ("count", "amount")
)
DIMENSIONS = (
    "connection", "pipeline_key", "pipeline_name", "employee_key", "employee_name", "department",
    "source_key", "source_name", "is_repeat",
)  # fmt: skip


def start_of(kind: str, day: date) -> date:
    """The first day of the period that holds a day; weeks begin on Monday."""
    if kind == "day":
        return day
    if kind == "week":
        return day - timedelta(days=day.weekday())
    months = MONTHS[kind]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def shifted(kind: str, start: date, periods: int) -> date:
    """The start of the period so many later."""
    if kind in {"day", "week"}:
        return start + timedelta(days=periods * (7 if kind == "week" else 1))
    months = start.year * 12 + start.month - 1 + periods * MONTHS[kind]
    return date(months // 12, months % 12 + 1, 1)


def a_year_later(kind: str, start: date) -> date | None:
    """The start of the period that looks back at this one after a year; a leap day has none."""
    if kind == "week":
        return start + timedelta(weeks=52)
    try:
        return start.replace(year=start.year + 1)
    except ValueError:
        return None


def rpt_period_comparison(rows: list[Row], deals: list[Deal]) -> list[Row]:
    """One row per type, period and dimensions of the union of the three periods."""
    last_days = {deal.connection.name: deal.reporting.day(deal.connection.data_as_of) for deal in deals}
    totals: dict[tuple[object, ...], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        last = last_days[str(row["connection"])]
        for event, day, who in _events(row):
            dimensions = tuple((row | who)[name] for name in DIMENSIONS)
            worth = row["amount_converted"]
            for kind in TYPES:
                for offset, start in _targets(kind, day, last):
                    found = totals[kind, start, start_is_over(kind, start, last), *dimensions]
                    found[f"{offset}{event}_count"] += 1
                    found[f"{offset}{event}_amount"] += worth if isinstance(worth, Decimal) else 0
    names = ("period_type", "period_start_date", "is_complete", *DIMENSIONS)
    return [
        dict(zip(names, key, strict=True)) | {name: found.get(name, Decimal(0)) for name in MEASURES}
        for key, found in totals.items()
    ]


def start_is_over(kind: str, start: date, last: date) -> bool:
    """Whether a period had ended before the day of the data."""
    return shifted(kind, start, 1) <= last


def _events(row: Row) -> Iterator[tuple[str, date, Row]]:
    created, closed = row["created_date"], row["closed_date"]
    if isinstance(created, date):
        yield "created", created, {"employee_key": row["owner_key"], "employee_name": row["owner_name"]}
    if isinstance(closed, date):
        yield str(row["status"]), closed, {"department": row["employee_department"]}


def _targets(kind: str, day: date, last: date) -> Iterator[tuple[str, date]]:
    own = start_of(kind, day)
    following, in_a_year = shifted(kind, own, 1), a_year_later(kind, own)
    running = start_of(kind, last)
    if own <= last:
        yield "", own
    if following <= last:
        yield "previous_", following
        is_to_date = following != running or (day - own) <= (last - running)
        if is_to_date:
            yield "previous_to_date_", following
    if in_a_year is not None and in_a_year <= last:
        yield "year_ago_", in_a_year
