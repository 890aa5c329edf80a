"""Writes docs/oracle-coverage.md: what is compared, and which section of the fact sheets shows it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from simulator import visible_records
from tests.oracle.order_columns import ALL_COLUMNS

PAGE = Path(__file__).parents[2] / "docs" / "oracle-coverage.md"
CRMS = {"bitrix24": "Bitrix24", "hubspot": "HubSpot"}
HEAD = """# What the oracle covers

Every column below is compared, row for row, with a second working-out in plain Python
(`tests/oracle`), for every connection of the truth tests. The numbers tell apart the
parts of each CRM's API in which the column can be seen; a dash means that this CRM does not
tell it and the column has its default there. Written by `python -m tests.oracle.coverage` from the
projections' own fields.
"""


def sections() -> dict[str, dict[str, str | None]]:
    """The fact-sheet section of every visible field, by CRM."""
    found: dict[str, dict[str, str | None]] = {}
    for record in vars(visible_records).values():
        if isinstance(record, type) and record.__module__ == visible_records.__name__:
            for field in fields(record):
                if field.metadata:
                    found[f"{record.__name__}.{field.name}"] = dict(field.metadata)
    return found


def page() -> str:
    """The whole page."""
    known = sections()
    lines = [HEAD]
    for model, columns in ALL_COLUMNS.items():
        lines += [f"## {model}", "", f"| column | {' | '.join(CRMS.values())} |", "|---|---|---|"]
        for column, sources in columns.items():
            cells = [_cell({known[source][crm] for source in sources}) for crm in CRMS]
            lines.append(f"| `{column}` | {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def _cell(numbers: set[str | None]) -> str:
    told = sorted(
        (number for number in numbers if number), key=lambda n: [int(part) for part in n.split(".")]
    )
    return ", ".join(told) or "-"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
