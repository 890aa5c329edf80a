"""Writes docs/crm-coverage.md: what each CRM can and cannot say, and what that means for the reports.

What a CRM cannot say is read off its conformed models, where the shape that all CRMs share forces it to leave
a column empty; the effects are those of docs/crm-effects.yml.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "crm-coverage.md"
EFFECTS = PROJECT / "docs" / "crm-effects.yml"
CONFORMED = PROJECT / "models" / "conformed"
CRMS = {"bitrix24": "Bitrix24", "hubspot": "HubSpot"}
NOTHING = re.compile(r"(?:cast\(\s*null\s+as\s+[^)]*\)?\s*\)|\bfalse)\s*$")
HEAD = """# What each CRM can and cannot say

Every CRM fills the same columns. Those below stay empty in one of them, because its API does not tell them;
the last column says what that means for the reports. All others are filled by both. Written by `python -m
tests.dbt.crm_coverage` from the conformed models and `docs/crm-effects.yml`.
"""


def untold(crm: str) -> set[str]:
    """The columns of the shared shape that a CRM leaves empty, as `model.column`."""
    shared = {path.stem for path in CONFORMED.rglob("int_*.sql")}
    found = set()
    for path in (CONFORMED / crm).rglob(f"int_{crm}__*.sql"):
        model = path.stem.replace(f"{crm}__", "")
        if model in shared:
            found |= {f"{model}.{column}" for column in _empty_columns(path.read_text(encoding="utf-8"))}
    return found


def _empty_columns(sql: str) -> set[str]:
    """Columns that no branch of the model fills."""
    filled: dict[str, list[bool]] = {}
    for match in re.finditer(r"\bas\s+(\w+)\s*(?=,|\n\s*from\b)", sql):
        filled.setdefault(match.group(1), []).append(not NOTHING.search(sql[: match.start()]))
    passed_on = set(re.findall(r"(?:^|\w\.|\s)(\w+)\s*(?=,\n|\n\s*from\b)", re.sub(r"\bas\s+\w+", "", sql)))
    return {column for column, ways in filled.items() if not any(ways)} - passed_on


def effects() -> dict[str, Any]:
    """The page of effects."""
    content: dict[str, Any] = yaml.safe_load(EFFECTS.read_text(encoding="utf-8"))
    return content


def page() -> str:
    """The whole page."""
    known = effects()
    silent = {crm: untold(crm) for crm in CRMS}
    lines = [HEAD, f"| column | {' | '.join(CRMS.values())} | effect | reports |", "|---|---|---|---|---|"]
    for column, about in sorted(known["columns"].items()):
        cells = ["-" if column in silent[crm] else "told" for crm in CRMS]
        reports = ", ".join(f"`{name}`" for name in about["reports"]) or "none yet"
        lines.append(f"| `{column}` | {' | '.join(cells)} | {about['effect']} | {reports} |")
    for crm, name in CRMS.items():
        lines += ["", f"## Further limits of {name}", "", "| limit | reports |", "|---|---|"]
        for about in known["limits"][crm]:
            reports = ", ".join(f"`{name}`" for name in about["reports"]) or "none yet"
            lines.append(f"| {about['limit']} | {reports} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
