"""Parameters and arrays the way PHP sees them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEY = re.compile(r"\[([^\]]*)\]")


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Turn `a[b][c]=1` into nested dictionaries; `a[]=1` appends."""
    tree: dict[str, Any] = {}
    for key, value in pairs:
        head = key.split("[", 1)[0]
        path = [head, *_KEY.findall(key[len(head) :])]
        branch = tree
        for step in path[:-1]:
            below = branch.setdefault(step or str(len(branch)), {})
            branch = below if isinstance(below, dict) else {}
        branch[path[-1] or str(len(branch))] = value
    return tree


def values(parameter: Any) -> list[Any]:
    """The values of a list, which may have come as a map of positions, or of a single value."""
    if isinstance(parameter, dict):
        return list(parameter.values())
    return parameter if isinstance(parameter, list) else [parameter]


def entries(parameter: Any) -> dict[str, Any]:
    """A map; an empty list is an empty map."""
    if isinstance(parameter, list):
        return {str(position): value for position, value in enumerate(parameter)}
    return parameter if isinstance(parameter, dict) else {}


def array(mapping: dict[str, Any]) -> dict[str, Any] | list[Any]:
    """How json_encode writes an array: a list when its keys count from 0, so also when it is empty."""
    if list(mapping) == [str(position) for position in range(len(mapping))]:
        return list(mapping.values())
    return mapping
