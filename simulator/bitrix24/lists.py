"""Paged lists of records and of stage history: by key, by offset, narrow or whole."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from simulator.bitrix24 import php
from simulator.bitrix24.errors import invalid
from simulator.bitrix24.filters import FilterReader, as_number, split_key
from simulator.portal import Raw, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from simulator.options import Options

PAGE = 50


@dataclass
class Result:
    """What one method returned. A `total` of None is left out of the envelope."""

    value: Any
    total: int | None = None
    next: int | None = None
    seconds: float = 0.01


class Row(Protocol):
    """Something listed."""

    key: int

    def look_up(self, name: str) -> Any:
        """A field in comparable form."""

    def whole(self) -> bytes:
        """All of its fields as JSON."""

    def values(self) -> dict[str, Any]:
        """All of its fields."""


R = TypeVar("R", bound=Row)


@dataclass
class Query:
    """A read request for a list."""

    conditions: list[tuple[str, Callable[[Any], bool]]]
    after: int
    order: list[tuple[str, bool]]
    start: int
    select: list[str] = field(default_factory=list)


def read_query(parameters: dict[str, Any], reader: FilterReader, key: str) -> Query:
    """Read filter, order, start and select; what the method does not know is refused."""
    filters = php.entries(parameters.get("filter", {}))
    order = []
    for name, direction in php.entries(parameters.get("order", {})).items():
        if name not in reader.fields or str(direction).upper() not in {"ASC", "DESC"}:
            raise invalid(f"Invalid order: field '{name}' is not allowed in order")
        order.append((name, str(direction).upper() == "DESC"))
    after = [as_number(value) for name, value in filters.items() if split_key(name) == (">", key)]
    start = int(as_number(parameters.get("start", 0)))
    select = [str(name) for name in php.values(parameters.get("select", []))]
    return Query(
        reader.conditions(filters), int(max(after, default=0)), order or [(key, False)], start, select
    )


def matching(rows: Sequence[R], query: Query) -> Iterator[R]:
    """The rows the filter lets pass, in order of their keys."""
    first = bisect_right(rows, query.after, key=lambda row: row.key)
    conditions = query.conditions
    for position in range(first, len(rows)):
        row = rows[position]
        if all(test(row.look_up(name)) for name, test in conditions):
            yield row


def page_of(
    rows: Sequence[R], query: Query, key: str, options: Options, shift: int
) -> tuple[list[R], Result]:
    """The rows of a page, and what the envelope says about it."""
    found: list[R] = []
    if query.order[0] == (key, False) and query.start < 0:
        for row in matching(rows, query):
            found.append(row)
            if len(found) == PAGE:
                break
        return found, _priced(len(found), 0, options)
    every = list(matching(rows, query))
    for name, is_descending in reversed(query.order):
        every.sort(key=lambda row: _sortable(row.look_up(name)), reverse=is_descending)
    if query.start < 0:
        return every[:PAGE], _priced(min(PAGE, len(every)), 0, options)
    begin = max(0, query.start - shift)
    found = every[begin : begin + PAGE]
    result = _priced(len(found), len(rows), options)
    result.total = len(every)
    result.next = query.start + PAGE if query.start + PAGE < len(every) else None
    return found, result


def _priced(row_count: int, counted: int, options: Options) -> Result:
    seconds = options.page_seconds + options.row_seconds * row_count
    seconds += options.count_seconds_per_row * counted
    return Result(None, total=0, seconds=seconds)


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)


def narrowed(row: Row, select: list[str]) -> Raw:
    """An item with the asked fields only; unknown names are left out, the id is always there.

    Telephone numbers and addresses come with all fields or not at all.
    """
    if not select or "*" in select:
        return Raw(row.whole())
    wanted = set(select) - {"fm"}
    if wanted <= {"id", "ID"}:
        return Raw(b'{"%s":%d}' % (select[0].encode(), row.key))
    has_custom = bool(wanted & {"UF_*", "ufCrm*"})
    kept = {
        name: value
        for name, value in row.values().items()
        if name in wanted or name in {"id", "ID"} or (has_custom and name.upper().startswith("UF"))
    }
    return Raw(to_json(kept))
