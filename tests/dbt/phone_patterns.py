"""Regular expressions of digits, written out as leading digits and counts of digits."""

from __future__ import annotations

import functools
import importlib
import re
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

parse: Any = importlib.import_module("re._parser").parse
ANY = frozenset("0123456789")
ENDLESS = 99


@dataclass(frozen=True)
class Path:
    """A way through a pattern: digits that fit each place, groups on the way, whether it ends the number."""

    places: tuple[frozenset[str], ...] = ()
    groups: tuple[tuple[int, int, int], ...] = ()
    is_anchored: bool = False


@dataclass(frozen=True)
class Change:
    """What becomes of a number: digits go, some of them are kept behind inserted ones."""

    dropped: int
    kept_from: int = 1
    kept: int = 0
    inserted: str = ""


@dataclass(frozen=True)
class Number:
    """Numbers that begin with the same digits and are about as long, and what becomes of them."""

    leading: str
    shortest: int
    longest: int
    change: Change


def paths(pattern: str) -> list[Path]:
    """Every way through a pattern, the preferred one first."""
    return _walk(list(parse(pattern)), Path())


def _walk(items: list[Any], path: Path) -> list[Path]:
    if not items:
        return [path]
    operation, value = str(items[0][0]), items[0][1]
    return [end for step in _steps(operation, value, path) for end in _walk(items[1:], step)]


def _steps(operation: str, value: Any, path: Path) -> Iterator[Path]:
    if operation in {"LITERAL", "IN"}:
        yield replace(path, places=(*path.places, _digits(operation, value)))
    elif operation == "BRANCH":
        for branch in value[1]:
            yield from _walk(list(branch), path)
    elif operation == "SUBPATTERN":
        for end in _walk(list(value[3]), path):
            group = (value[0], len(path.places), len(end.places))
            yield end if value[0] is None else replace(end, groups=(*end.groups, group))
    elif operation == "MAX_REPEAT":
        for times in range(value[1], value[0] - 1, -1):
            yield from _walk(list(value[2]) * times, path)
    elif operation == "AT":
        yield replace(path, is_anchored=True)
    else:
        raise ValueError(operation)


def _digits(operation: str, value: Any) -> frozenset[str]:
    if operation == "LITERAL":
        return frozenset(chr(value))
    found: set[str] = set()
    for kind, part in value:
        low, high = (part, part) if str(kind) == "LITERAL" else part if str(kind) == "RANGE" else (48, 57)
        found |= {chr(code) for code in range(low, high + 1)}
    return frozenset(found)


def prefix_rules(pattern: str | None, transform: str | None) -> tuple[str | None, list[Number]]:
    """The prefix that is simply dropped, and the numbers to which something else happens first."""
    ways = paths(pattern) if pattern else []
    plain = _plain(ways)
    if plain is not None:
        ways.remove(plain)
    rules: list[Number] = []
    for way in ways:
        for rule in _written_out(way, _change(way, transform)):
            rules += _beside(rule, rules)
    changing = [rule for rule in rules if rule.change != Change(0)]
    digits = "".join(digit for place in plain.places for digit in place) if plain else None
    return digits, sorted(changing, key=lambda rule: (rule.leading, rule.shortest))


def _plain(ways: list[Path]) -> Path | None:
    """The shortest fixed digits that no later way is about."""
    fixed = [
        way
        for place, way in enumerate(ways)
        if way.places
        and not way.groups
        and not way.is_anchored
        and all(len(digits) == 1 for digits in way.places)
        and not any(_meet(way, later) for later in ways[place + 1 :] if later.places)
    ]
    return min(fixed, key=lambda way: len(way.places), default=None)


def _meet(one: Path, other: Path) -> bool:
    return all(mine & its for mine, its in zip(one.places, other.places, strict=False))


def _change(way: Path, transform: str | None) -> Change:
    inserted, group = re.fullmatch(r"(\d*)\\(\d)", transform).groups() if transform else ("", "0")  # type: ignore[union-attr]
    taken = {number: (start, end) for number, start, end in way.groups}
    if int(group) not in taken:
        return Change(len(way.places))
    start, end = taken[int(group)]
    return Change(len(way.places), start + 1, end - start, inserted)


def _written_out(way: Path, change: Change) -> Iterator[Number]:
    """Places that any digit fits need not be written at the end."""
    places = list(way.places)
    while places and places[-1] == ANY:
        places.pop()
    longest = len(way.places) if way.is_anchored else ENDLESS
    for digits in product(*(sorted(place) for place in places)):
        yield Number("".join(digits), len(way.places), longest, change)


def _beside(rule: Number, earlier: list[Number]) -> list[Number]:
    """What of a rule is left beside the rules that come before it."""
    for other in earlier:
        overlap = rule.shortest <= other.longest and other.shortest <= rule.longest
        if overlap and rule.leading.startswith(other.leading):
            return [
                part
                for low, high in ((rule.shortest, other.shortest - 1), (other.longest + 1, rule.longest))
                if low <= high
                for part in _beside(replace(rule, shortest=low, longest=high), earlier)
            ]
        if overlap and other.leading.startswith(rule.leading):
            size = len(rule.leading)
            alone = replace(rule, longest=min(rule.longest, size))
            longer = [
                replace(rule, leading=rule.leading + digit, shortest=max(rule.shortest, size + 1))
                for digit in sorted(ANY)
            ]
            parts = [alone, *longer] if rule.shortest <= size else longer
            return [left for part in parts for left in _beside(part, earlier)]
    return [rule]


def leading_digits(pattern: str, longest: int) -> Iterator[tuple[int, str]]:
    """(count of digits, leading digits) of the numbers that a pattern fits as a whole."""
    ways = frozenset(way.places for way in paths(pattern))
    for count in range(1, longest + 1):
        yield from ((count, digits) for digits in _starts(_rests(ways, count), ""))


def _rests(ways: frozenset[tuple[frozenset[str], ...]], count: int) -> frozenset[tuple[frozenset[str], ...]]:
    return frozenset(way for way in ways if len(way) == count)


def _starts(ways: frozenset[tuple[frozenset[str], ...]], digits: str) -> Iterator[str]:
    verdict = _verdict(ways)
    if verdict is None:
        for digit in sorted(ANY):
            yield from _starts(_after(ways, digit), digits + digit)
    elif verdict:
        yield digits


@functools.cache
def _verdict(ways: frozenset[tuple[frozenset[str], ...]]) -> bool | None:
    """Whether all numbers fit; None for some of them."""
    if not ways:
        return False
    if any(all(place == ANY for place in way) for way in ways):
        return True
    found = {_verdict(_after(ways, digit)) for digit in ANY}
    return found.pop() if len(found) == 1 else None


def _after(ways: frozenset[tuple[frozenset[str], ...]], digit: str) -> frozenset[tuple[frozenset[str], ...]]:
    return frozenset(way[1:] for way in ways if way and digit in way[0])
