"""A rule is declared, modelled, united, tested and described: none of it is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quality.rules import FILE, load_rules

PROJECT = Path(__file__).resolve().parents[2]
MODELS = PROJECT / "models" / "data_quality"
# What is made from the findings of all rules.
OTHERS = {"findings", "new_transitions", "issues", "rules", "scorecards"}
UNION = (PROJECT / "macros" / "data_quality" / "rule_ids.sql").read_text(encoding="utf-8")
RULES = [rule.id for rule in load_rules(FILE).rules]


def models() -> dict[str, Path]:
    found = {path.stem.removeprefix("dq_"): path for path in MODELS.rglob("dq_*.sql")}
    return {name: path for name, path in found.items() if name not in OTHERS}


def test_every_rule_has_a_model_and_every_model_a_rule() -> None:
    assert set(models()) == set(RULES)


def test_every_rule_is_in_the_union() -> None:
    assert sorted(re.findall(r'"([a-z0-9_]+)",', UNION)) == sorted(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_names_itself_is_unit_tested_and_described(rule: str) -> None:
    path = models()[rule]
    sql = " ".join(path.read_text(encoding="utf-8").split())
    assert re.search(rf'rule_findings\( ?"{rule}", "[a-z]+", "[a-z_]+" ?\)', sql)
    tests = "".join(file.read_text(encoding="utf-8") for file in MODELS.rglob("_*unit_tests.yml"))
    assert re.search(rf"model: dq_{rule}\b", tests)
    assert (PROJECT / "docs" / "rules" / f"{rule}.md").is_file()
