"""Search: filter groups, one sort, pages by offset up to a cap."""

from __future__ import annotations

import operator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from simulator.hubspot.errors import invalid
from simulator.identifiers import hubspot as ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.hubspot.records import ObjectRow
    from simulator.hubspot.types import ObjectType

MAX_GROUPS, MAX_FILTERS, MAX_FILTERS_IN_ALL, MAX_LIMIT = 5, 6, 18, 200
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "EQ": operator.eq,
    "NEQ": operator.ne,
    "LT": operator.lt,
    "LTE": operator.le,
    "GT": operator.gt,
    "GTE": operator.ge,
}


class Search:
    """Reads one search request and runs it."""

    def __init__(self, body: dict[str, Any], type_: ObjectType, cap: int) -> None:
        self.type = type_
        self.types = type_.known
        self.limit = int(body.get("limit", 10))
        self.offset = _offset(body.get("after"))
        if self.limit > MAX_LIMIT:
            raise invalid(f"Page size must not be above {MAX_LIMIT}.")
        if self.offset >= cap:
            raise invalid(
                f"There was a problem with the request: paging beyond {cap} results is not allowed."
            )
        if "filterGroups" not in body:
            raise invalid("Some required fields were not set: [filterGroups]")
        self.groups = self._groups(body["filterGroups"])
        self.sort = _sort(body.get("sorts", []))

    def _groups(self, groups: list[dict[str, Any]]) -> list[list[Callable[[ObjectRow], bool]]]:
        counts = [len(group.get("filters", [])) for group in groups]
        if (
            len(groups) > MAX_GROUPS
            or max(counts, default=0) > MAX_FILTERS
            or sum(counts) > MAX_FILTERS_IN_ALL
        ):
            raise invalid("Too many filters or filter groups.")
        return [[self._test(condition) for condition in group.get("filters", [])] for group in groups]

    def run(self, rows: list[ObjectRow], shift: int) -> tuple[int, list[ObjectRow]]:
        """How many match, and the asked page of them."""
        groups = self.groups
        if groups:
            rows = [row for row in rows if any(all(test(row) for test in group) for group in groups)]
        name, is_descending = self.sort
        if name != "hs_object_id" or is_descending:
            rows = sorted(rows, key=lambda row: _sortable(self._value(row, name)), reverse=is_descending)
        begin = max(0, self.offset - shift)
        return len(rows), rows[begin : begin + self.limit]

    def _test(self, condition: dict[str, Any]) -> Callable[[ObjectRow], bool]:
        name, sign = condition.get("propertyName", ""), condition.get("operator", "")
        if sign in COMPARISONS:
            return self._comparison(name, sign, condition.get("value"))
        if sign == "BETWEEN":
            low = self._comparison(name, "GTE", condition.get("value"))
            high = self._comparison(name, "LTE", condition.get("highValue"))
            return lambda row: low(row) and high(row)
        if sign in {"IN", "NOT_IN"}:
            wanted = {self._typed(name, value) for value in condition.get("values", [])}
            is_in = sign == "IN"
            return lambda row: (self._value(row, name) in wanted) is is_in
        if sign in {"HAS_PROPERTY", "NOT_HAS_PROPERTY"}:
            has = sign == "HAS_PROPERTY"
            return lambda row: (self._value(row, name) is not None) is has
        if sign in {"CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"}:
            token = str(condition.get("value", "")).strip("*").casefold()
            contains = sign == "CONTAINS_TOKEN"
            return lambda row: (token in str(self._value(row, name)).casefold()) is contains
        raise invalid(f"Invalid filter operator '{sign}'.")

    def _comparison(self, name: str, sign: str, value: Any) -> Callable[[ObjectRow], bool]:
        compare, wanted = COMPARISONS[sign], self._typed(name, value)
        if wanted is None:
            raise invalid(f"Invalid value for property '{name}'.")

        def test(row: ObjectRow) -> bool:
            actual = self._value(row, name)
            return actual is not None and compare(actual, wanted)

        return test

    def _value(self, row: ObjectRow, name: str) -> Any:
        """A property in comparable form; a property that does not exist matches nothing, silently."""
        if name == self.type.modified:
            return row.modified_milliseconds
        if name == "hs_object_id":
            return row.key
        text = row.properties().get(name)
        return None if text is None or text == "" or name not in self.types else self._typed(name, text)

    def _typed(self, name: str, value: Any) -> Any:
        type_ = self.types.get(name, "string")
        text = str(value)
        try:
            if type_ in {"datetime", "date"}:
                return int(text) if text.lstrip("-").isdigit() else _milliseconds(text)
            return Decimal(text) if type_ == "number" else text.casefold()
        except (ValueError, InvalidOperation):
            return None


def _milliseconds(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return ids.epoch_milliseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _offset(after: Any) -> int:
    if after in {None, ""}:
        return 0
    if not str(after).isdigit():
        raise invalid("Invalid paging cursor.")
    return int(after)


def _sort(sorts: list[Any]) -> tuple[str, bool]:
    if len(sorts) > 1 or not all(isinstance(sort, dict) for sort in sorts):
        raise invalid("Exactly one sort, as an object, is supported.")
    if not sorts:
        return "hs_object_id", False
    return sorts[0].get("propertyName", ""), sorts[0].get("direction", "ASCENDING") == "DESCENDING"


def _sortable(value: Any) -> tuple[bool, Any]:
    return value is not None, 0 if value is None else value
