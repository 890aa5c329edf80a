"""Writes the conformed models of a new CRM, all of them empty: `python -m tests.dbt.crm_shells acme Acme`.

Each stands where the one of HubSpot does, has its contract and no rows, and waits to be filled in.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).parents[2]
PATTERN_CRM, PATTERN_NAME = "hubspot", "HubSpot"
UNION = re.compile(r'union_of_crms\("(\w+)"\)')


def shared_models(project: Path) -> list[str]:
    """What every CRM has a model of."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((project / "models").rglob("*.sql"))]
    return sorted({entity for text in texts for entity in UNION.findall(text)})


def write_shells(project: Path, crm: str, name: str) -> list[Path]:
    """Write what is not there yet: SQL beside that of HubSpot, and its block of YAML."""
    columns = {model["name"]: model["columns"] for path in _described(project) for model in _models(path)}
    written = []
    for entity in shared_models(project):
        pattern = f"int_{PATTERN_CRM}__{entity}"
        like = next((project / "models").rglob(f"{pattern}.sql"))
        made = Path(str(like).replace(PATTERN_CRM, crm))
        if not made.exists():
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_text(_shell(entity, columns[pattern]), encoding="utf-8")
            _describe(project, pattern, crm, name)
            written.append(made)
    return written


def _described(project: Path) -> list[Path]:
    return [path for path in (project / "models").rglob("*.yml") if "__unit_tests" not in path.name]


def _models(path: Path) -> list[dict[str, Any]]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return list(content.get("models", ()))


def _shell(entity: str, columns: list[dict[str, Any]]) -> str:
    nothing = ",\n".join(
        f"            cast(null as {column['data_type'].replace(',', ', ')}) as {column['name']}"
        for column in columns
    )
    step = f"{entity}_in_shared_shape"
    return (
        f"with\n    {step} as (\n        select\n{nothing}\n        where false\n    )\n\n"
        f"select *\nfrom {step}\n"
    )


def _describe(project: Path, pattern: str, crm: str, name: str) -> None:
    """Repeat the YAML of the model it is like under the new name; anchors keep the columns in one place."""
    block = re.compile(rf"^  - name: {pattern}\n(?:    .*\n)*", re.MULTILINE)
    for path in _described(project):
        text = path.read_text(encoding="utf-8")
        if found := block.search(text):
            repeated = found[0].replace(PATTERN_CRM, crm).replace(PATTERN_NAME, name)
            path.write_text(text[: found.end()] + repeated + text[found.end() :], encoding="utf-8")


if __name__ == "__main__":
    for shell in write_shells(PROJECT, *sys.argv[1:3]):
        print(shell.relative_to(PROJECT))
