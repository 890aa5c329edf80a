"""Rows as Dagster shows them in metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHOWN_ROWS = 20


def json_rows(rows: Sequence[Mapping[str, Any]]) -> dg.JsonMetadataValue:
    """The first rows as JSON; keys of records stay lists."""
    return dg.MetadataValue.json(
        [{name: _plain(value) for name, value in row.items()} for row in rows[:SHOWN_ROWS]]
    )


def markdown_table(rows: Sequence[Mapping[str, Any]]) -> dg.MarkdownMetadataValue:
    """Rows that have the same columns as a table that reads well in the UI."""
    names = list(rows[0]) if rows else []
    lines = [names, ["---"] * len(names), *([_cell(row[name]) for name in names] for row in rows)]
    return dg.MetadataValue.md("\n".join(f"| {' | '.join(line)} |" for line in lines) if rows else "")


def _cell(value: Any) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | list | str | None) else str(value)
