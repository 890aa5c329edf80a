"""The rules of texts against tables labelled by hand: what a sales person would say of each string."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.quality.compiled import PROJECT, Row, Rules, labelled

if TYPE_CHECKING:
    from pathlib import Path

RULES = ("contact_email_malformed", "contact_name_lowercase", "contact_name_placeholder")
CONTACT: Row = {"connection": "one", "owner_key": None}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    """The compiled rules of texts."""
    folder: Path = tmp_path_factory.mktemp("rules")
    return Rules(folder, "models/data_quality/contacts/texts")


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_agrees_with_people_but_for_its_known_limits(rule: str, rules: Rules) -> None:
    rows = labelled(rule)
    flagged = _flagged(rules, rule, rows)
    wanted = [row["is_flagged"] == "true" for row in rows]
    right = sum(is_flagged and is_wanted for is_flagged, is_wanted in zip(flagged, wanted, strict=True))
    precision, recall = right / sum(flagged), right / sum(wanted)
    print(f"{rule}: {len(rows)} strings, precision {precision:.1%}, recall {recall:.1%}")
    wrong = {
        _text(row)
        for row, is_flagged, is_wanted in zip(rows, flagged, wanted, strict=True)
        if is_flagged is not is_wanted
    }
    assert wrong == known_limits(rule)


@pytest.mark.parametrize("rule", RULES)
def test_a_table_holds_three_hundred_different_strings_of_both_kinds(rule: str) -> None:
    rows = labelled(rule)
    assert len({tuple(row.values()) for row in rows}) == len(rows) >= 300
    assert all(sum(row["is_flagged"] == label for row in rows) >= 100 for label in ("true", "false"))


def known_limits(rule: str) -> set[str]:
    """The strings that the page of a rule names as judged wrongly."""
    page = (PROJECT / "docs" / "rules" / f"{rule}.md").read_text(encoding="utf-8")
    section = page.partition("## Known limits")[2]
    return set(re.findall(r"`([^`]+)`", section))


def _text(row: dict[str, str]) -> str:
    return " ".join(row[name] for name in ("first_name", "last_name", "email") if row.get(name))


def _flagged(rules: Rules, rule: str, rows: list[dict[str, str]]) -> list[bool]:
    keys = [f"one:contact:{number}" for number in range(len(rows))]
    contacts = [
        {"contact_key": key} | CONTACT | {name: row.get(name) or None for name in ("first_name", "last_name")}
        for key, row in zip(keys, rows, strict=True)
    ]
    place: Row = {"connection": "one", "record_type": "contact", "point_type": "email", "position": 1}
    points = [
        {"record_key": key} | place | {"point_value": row.get("email", "")}
        for key, row in zip(keys, rows, strict=True)
    ]
    enabled: list[Row] = [{"connection": "one", "rule_id": rule}]
    given = {"dim_contacts": contacts, "int_contact_points": points, "int_enabled_rules": enabled}
    found = {finding["record_key"] for finding in rules.findings(f"dq_{rule}", given)}
    return [key in found for key in keys]
