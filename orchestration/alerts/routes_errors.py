"""pydantic's findings in the words of alerts.yml: which route, which key, what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract.core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ALLOWED_KEYS = {
    (): "language, channels, routes",
    ("routes",): "name, to, channel, emails, owners, department, connections, severities, rules, mode,"
    " quiet_hours, max_rows, show_values, language",
    ("routes", "quiet_hours"): "from, to, timezone",
}


def readable(problems: Sequence[Mapping[str, Any]], document: Mapping[str, Any], path: Path) -> SettingsError:
    """One error that tells every problem, each once."""
    lines = dict.fromkeys(_sentence(problem, document) for problem in problems)
    return SettingsError(" ".join(lines), str(path), "See alerts.example.yml.")


def _sentence(problem: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    location = tuple(problem["loc"])
    keys = tuple(part for part in location if isinstance(part, str))
    route = _route(location, document)
    if problem["type"] == "extra_forbidden":
        allowed = ALLOWED_KEYS.get(keys[:-1], "none")
        return f"{route}the key {keys[-1]!r} is unknown; allowed: {allowed}."
    inner = keys[1:] if keys[:1] == ("routes",) else keys
    key = f"{'.'.join(inner)}: " if inner else ""
    return f"{route}{key}{_rule(problem)}."


def _route(location: tuple[str | int, ...], document: Mapping[str, Any]) -> str:
    if len(location) < 2 or location[0] != "routes" or not isinstance(location[1], int):
        return ""
    listed = document.get("routes")
    item = listed[location[1]] if isinstance(listed, list) else None
    name = item.get("name") if isinstance(item, dict) else None
    return f"route {name!r}: " if isinstance(name, str) else f"route number {location[1] + 1}: "


def _rule(problem: Mapping[str, Any]) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        return f"must be one of {context['expected']}"
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch":
        return "must be lower-case letters, digits and _"
    if kind.startswith("time"):
        return "must be a time such as 20:00"
    message = str(problem["msg"])
    return message[:1].lower() + message[1:]
