"""pydantic's findings in the words of rules.yml: which rule, which key, what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract.core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ALLOWED_KEYS = (
    "id, record_type, severity, title, why, fix, parameters, from_settings, reads, heeds, threshold, enabled,"
    " revision, connections"
)
# Names of the branches of a union, which pydantic puts into the way to a key.
_BRANCHES = ("int", "float", "str", "tuple[", "constrained-str", "dict[")


def readable(problems: Sequence[Mapping[str, Any]], document: Mapping[str, Any], path: Path) -> SettingsError:
    """One error that tells every problem, each key once."""
    lines = dict.fromkeys(_sentence(problem, document) for problem in problems)
    return SettingsError(" ".join(lines), str(path), "See quality/rules.yml.")


def _sentence(problem: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    location = tuple(problem["loc"])
    keys = tuple(part for part in location if isinstance(part, str) and not part.startswith(_BRANCHES))
    where = f"{_owner(location, document)}{_key(keys)}"
    if problem["type"] == "extra_forbidden":
        allowed = ALLOWED_KEYS if len(keys) == 2 else "see the head of the file"
        return f"{where}is unknown; allowed: {allowed}."
    return f"{where}{_rule(problem, keys)}."


def _owner(location: tuple[str | int, ...], document: Mapping[str, Any]) -> str:
    if len(location) < 2 or not isinstance(location[1], int):
        return ""
    listed = document.get("rules")
    item = listed[location[1]] if isinstance(listed, list) else None
    name = item.get("id") if isinstance(item, dict) else None
    return f"rule {name!r}: " if isinstance(name, str) else f"rule number {location[1] + 1}: "


def _key(keys: tuple[str, ...]) -> str:
    inner = keys[1:] if keys[:1] == ("rules",) else keys
    return f"{'.'.join(inner)}: " if inner else ""


def _rule(problem: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        return f"must be one of {context['expected']}"
    if kind == "value_error":
        return str(context["error"])
    if "parameters" in keys:
        return "must be a number, a text or a list of texts"
    message = str(problem["msg"])
    return message[:1].lower() + message[1:]
