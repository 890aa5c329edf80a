"""Says readably in what the rows of a mart differ from those of the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.oracle.inputs import Row

SHOWN = 12
Key = tuple[object, ...]


def differences(model: str, keys: tuple[str, ...], oracle: list[Row], mart: list[Row]) -> list[str]:
    """One line for every row or cell that differs; columns that only the mart has are not looked at."""
    expected, found = _by_key(keys, oracle), _by_key(keys, mart)
    lines = [
        f"{model}: {len(rows)} rows of the mart have the key {key}"
        for key, rows in found.items()
        if len(rows) > 1
    ]
    lines += [f"{model} {key}: is not in the mart" for key in expected if key not in found]
    lines += [f"{model} {key}: is not in the oracle" for key in found if key not in expected]
    for key, (row,) in ((key, rows) for key, rows in expected.items() if key in found):
        lines += _cells(f"{model} {key}", row, found[key][0])
    return lines


def report(lines: list[str]) -> str:
    """The first differences, and how many there are by model and column."""
    kinds: dict[str, int] = {}
    for line in lines:
        kind = f"{line.split(' ')[0]} {line.split('): ')[-1].split(':')[0]}"
        kinds[kind] = kinds.get(kind, 0) + 1
    summary = [f"{count} x {kind}" for kind, count in kinds.items()]
    return "\n".join([f"{len(lines)} differences", *summary[:SHOWN], "", *lines[:SHOWN]])


def _by_key(keys: tuple[str, ...], rows: list[Row]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(str(row[key]) for key in keys), []).append(row)
    return found


def _cells(where: str, expected: Row, found: Row) -> list[str]:
    lines = []
    for column, value in expected.items():
        if column not in found:
            lines.append(f"{where}: {column}: the mart has no such column")
        elif value != found[column] or isinstance(value, bool) != isinstance(found[column], bool):
            lines.append(f"{where}: {column}: oracle {value!r}, mart {found[column]!r}")
    return lines
