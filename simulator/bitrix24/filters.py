"""Filters of list methods: operators in front of the keys, and values of the kind the field has."""

from __future__ import annotations

import operator
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simulator.bitrix24 import php
from simulator.bitrix24.errors import invalid
from simulator.options import Dates

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from zoneinfo import ZoneInfo

    from simulator.options import Options

_KEY = re.compile(r"^(>=|<=|>|<|!@|!=|!%|!|@|=|%)?(.*)$", re.DOTALL)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_MOMENT_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    **_COMPARISONS,
    "=": operator.eq,
    "!": operator.ne,
    "!=": operator.ne,
}
MOMENTS = frozenset(
    {"createdTime", "updatedTime", "movedTime", "lastActivityTime", "dateClosed", "CREATED_TIME"}
    | {"CREATED", "LAST_UPDATED", "START_TIME", "END_TIME"}
    | {"CREATED_DATE", "CHANGED_DATE", "CLOSED_DATE", "DATE_START", "DEADLINE"}
)
DAYS = frozenset({"closedate", "begindate"})


def split_key(key: str) -> tuple[str, str]:
    """The operator and the field of a filter key; no operator is equality."""
    found = _KEY.match(key)
    sign, name = found.groups() if found else ("", key)
    return ("=" if sign is None else sign), name


class FilterReader:
    """Reads the filters of one method, which knows `fields`."""

    def __init__(self, fields: Collection[str], zone: ZoneInfo, options: Options) -> None:
        self.fields = fields
        self.zone = zone
        self.dates = options.dates_with_offset
        self.is_strict = options.refuses_wordy_bounds
        self.refused, self.ignored = options.refused_filters, options.ignored_filters

    def conditions(self, parameter: Any) -> list[tuple[str, Callable[[Any], bool]]]:
        """The conditions of a filter, all of which a row has to meet; an unknown key is refused."""
        found = []
        for key, value in php.entries(parameter).items():
            sign, name = split_key(str(key))
            if name in self.ignored:
                continue
            if name not in self.fields or name in self.refused:
                raise invalid(f"Invalid filter: field '{name}' is not allowed in filter")
            test = self._test(sign, name, value)
            if test is not None:
                found.append((name, test))
        return found

    def _test(self, sign: str, name: str, value: Any) -> Callable[[Any], bool] | None:
        if name in MOMENTS or name in DAYS:
            if self.dates is Dates.IGNORED and "T" in str(value):
                return None
            moment = self._moment(name, value)
            return self._single(sign, moment)
        wanted = [_plain(item) for item in php.values(value)]
        if sign in {"=", "@"}:
            return lambda actual: any(_equal(actual, item) for item in wanted)
        if sign in {"!", "!=", "!@"}:
            return lambda actual: not any(_equal(actual, item) for item in wanted)
        if sign in {"%", "!%"}:
            text = str(wanted[0]).casefold()
            return lambda actual: (text in str(actual).casefold()) == (sign == "%")
        if self.is_strict and not str(wanted[0]).isdigit():
            raise invalid(f"Invalid value of filter field '{name}'")
        return _ordered(sign, wanted[0])

    def _moment(self, name: str, value: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError as error:
            raise invalid(f"Invalid value of filter field '{name}'") from error
        if self.dates is Dates.REFUSED and moment.tzinfo:
            raise invalid(f"Invalid value of filter field '{name}'")
        if self.dates is Dates.SHIFTED:
            return moment.replace(tzinfo=self.zone)
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def _single(self, sign: str, wanted: datetime) -> Callable[[Any], bool]:
        compare = _MOMENT_COMPARISONS[sign if sign in _MOMENT_COMPARISONS else "="]
        return lambda actual: actual is not None and compare(actual, wanted)


def _plain(value: Any) -> Any:
    return {True: "Y", False: "N"}.get(value, value) if isinstance(value, bool) else value


def _equal(actual: Any, wanted: Any) -> bool:
    if isinstance(actual, list):
        return any(_equal(item, wanted) for item in actual)
    if actual is None:
        return wanted in {None, ""}
    return str(actual) == str(wanted)


def _ordered(sign: str, wanted: Any) -> Callable[[Any], bool]:
    compare = _COMPARISONS[sign]
    # PHP takes an empty or wordy bound for 0, which is how an unresolved reference restarts a walk by key.
    bound = as_number(wanted)
    return lambda actual: actual is not None and compare(as_number(actual), bound)


def as_number(value: Any) -> float:
    """A number as PHP reads one."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0
