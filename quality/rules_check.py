"""A company's file of rules beside ours, which knows what the SQL reads."""

from __future__ import annotations

import csv
import difflib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from quality.rules import Rule

REGIONS = Path(__file__).parents[1] / "seeds" / "phone_regions.csv"
SHARE = "_share"


def mistakes(rules: tuple[Rule, ...], ours: tuple[Rule, ...]) -> Iterator[str]:
    """What is wrong, a sentence each."""
    known = {rule.id: rule for rule in ours}
    for rule in rules:
        declared = known.get(rule.id)
        if declared is None:
            close = difflib.get_close_matches(rule.id, known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(known)}"
            yield f"rule {rule.id!r}: there is no such rule{hint}"
        else:
            yield from (f"rule {rule.id!r}: {what}" for what in _of_one(rule, declared))


def _of_one(rule: Rule, declared: Rule) -> Iterator[str]:
    if rule.record_type != declared.record_type:
        yield f"record_type: must be {declared.record_type}."
    for name in declared.parameters.keys() - rule.parameters.keys():
        yield f"parameters.{name}: is missing; ours is {declared.parameters[name]!r}."
    yield from _of_parameters(rule.parameters, declared, "")
    for connection, exceptional in rule.connections.items():
        yield from _of_parameters(exceptional.parameters, declared, f"connections.{connection}.")


def _of_parameters(told: Mapping[str, Any], declared: Rule, where: str) -> Iterator[str]:
    for name, value in told.items():
        if name not in declared.parameters:
            known = ", ".join(declared.parameters) or "none"
            yield f"{where}parameters.{name}: is unknown; known: {known}."
        elif wrong := _wrong(name, value, declared.parameters[name]):
            yield f"{where}parameters.{name}: {wrong}."


def _wrong(name: str, value: Any, ours: Any) -> str:
    if name == "region":
        is_right = value is None or value in _regions()
        return "" if is_right else "must be the two capital letters of a country (ISO 3166), such as RU or DE"
    if isinstance(ours, tuple):
        return "" if isinstance(value, tuple) else "must be a list of texts"
    if isinstance(ours, str):
        return "" if isinstance(value, str) else "must be a text"
    if not isinstance(value, int | float):
        return "must be a number"
    if value < 0:
        return "must not be negative"
    return "must not be above 1" if name.endswith(SHARE) and value > 1 else ""


@cache
def _regions() -> frozenset[str]:
    with REGIONS.open(encoding="utf-8", newline="") as file:
        return frozenset(row["region"] for row in csv.DictReader(file))
