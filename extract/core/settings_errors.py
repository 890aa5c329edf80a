"""pydantic's findings in the words of connections.yml: which connection, which key, what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract.core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ALLOWED_KEYS = {
    (): ("reporting", "connections"),
    ("reporting",): ("currency", "timezone", "week_start", "fiscal_year_start"),
    ("connections",): (
        "name",
        "crm",
        "url",
        "token",
        "timezone",
        "start_date",
        "entities",
        "requests_per_second",
        "mappings",
    ),
    ("connections", "mappings"): (
        "leads_from",
        "loss_reason",
        "competitor",
        "required_fields",
        "phone_region",
        "sla_hours",
        "repeat",
        "closing_date",
    ),
}
PATTERNS = {
    "name": "lower-case letters, digits and _",
    "currency": "a currency code of three capitals, such as EUR",
    "phone_region": "a country code of two capitals, such as DE",
}


TYPES = {
    "tuple_type": "must be a list, such as [deals, leads]",
    "list_type": "must be a list, such as [deals, leads]",
    "too_short": "must name one at least; leave the key out for all",
    "dict_type": "must be a block of keys and values",
    "model_type": "must be a block of keys and values",
    "string_type": "must be a text; put a number in quotes",
}


def readable(problems: Sequence[Mapping[str, Any]], document: Mapping[str, Any], path: Path) -> SettingsError:
    """One error that tells every problem."""
    lines = [_sentence(problem, document) for problem in problems]
    return SettingsError(" ".join(lines), str(path), "See connections.example.yml.")


def _sentence(problem: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    location = tuple(problem["loc"])
    owner = _owner(location, document)
    keys = tuple(part for part in location if isinstance(part, str))
    if problem["type"] == "extra_forbidden":
        allowed = ", ".join(ALLOWED_KEYS.get(keys[:-1], ()))
        return f"{owner}the key {keys[-1]!r} is unknown; allowed: {allowed}."
    return f"{owner}{_key(keys)}{_rule(problem, keys)}."


def _owner(location: tuple[str | int, ...], document: Mapping[str, Any]) -> str:
    if len(location) < 2 or location[0] != "connections" or not isinstance(location[1], int):
        return ""
    listed = document.get("connections")
    item = listed[location[1]] if isinstance(listed, list) else None
    name = item.get("name") if isinstance(item, dict) else None
    return f"connection {name!r}: " if isinstance(name, str) else f"connection number {location[1] + 1}: "


def _key(keys: tuple[str, ...]) -> str:
    inner = keys[1:] if keys[:1] == ("connections",) and len(keys) > 1 else keys
    return f"{'.'.join(inner)}: " if inner else ""


def _rule(problem: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind == "string_pattern_mismatch" and keys and keys[-1] in PATTERNS:
        return f"must be {PATTERNS[keys[-1]]}"
    if kind == "literal_error":
        return f"must be one of {context['expected']}"
    if kind == "value_error":
        return str(context["error"])
    if kind in TYPES:
        return TYPES[kind]
    message = str(problem["msg"])
    return message[:1].lower() + message[1:]
