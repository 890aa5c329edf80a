"""The file of rules: what is wrong in it is told with rule and key, what is right lands per connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from extract.core.errors import SettingsError
from extract.core.lake import Lake
from extract.core.settings import Connection, Mappings, Reporting, Settings
from quality.landing import land_rules
from quality.rules import FILE, Rules, load_rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.orchestration.conftest import Dealhouse

RULE: dict[str, Any] = {
    "id": "deal_odd",
    "record_type": "deal",
    "severity": "error",
    "title": {"en": "Odd", "ru": "Странная"},
    "why": "It is odd.",
    "fix": {"bitrix24": "Make it even.", "hubspot": "Let it go."},
    "parameters": {"days": 3, "region": None, "fields": []},
    "from_settings": {"fields": "required_fields", "region": "phone_region"},
}
OTHERS: dict[str, Any] = {"region": None, "fields": []}
SETTINGS = """
reporting: {currency: EUR, timezone: Europe/Berlin}
connections:
  - {name: us, crm: hubspot, url: "http://127.0.0.1:9", token: secret}
"""


def written(folder: Path, *rules: dict[str, Any]) -> Path:
    path = folder / "rules.yml"
    path.write_text(yaml.safe_dump({"rules": list(rules)}), encoding="utf-8")
    return path


def loaded(path: Path) -> Rules:
    """The rules of a file, where there is no rule but the odd ones."""
    ours = path.with_name("ours.yml")
    ours.write_text(yaml.safe_dump({"rules": [RULE, RULE | {"id": "deal_even"}]}), encoding="utf-8")
    return load_rules(path, ours)


def settings(**mappings: Any) -> Settings:
    connections = tuple(
        Connection.model_construct(name=name, crm=crm, mappings=Mappings(**mappings))
        for name, crm in (("ru", "bitrix24"), ("us", "hubspot"))
    )
    return Settings.model_construct(
        reporting=Reporting(currency="EUR", timezone="UTC"), connections=connections
    )


def effective(path: Path, **mappings: Any) -> dict[str, dict[str, Any]]:
    return {row["connection"]: row for row in loaded(path).effective(settings(**mappings))}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"severity": "bad"}, "rule 'deal_odd': severity: must be one of"),
        ({"colour": "red"}, "rule 'deal_odd': colour: is unknown; allowed: id,"),
        ({"title": {"en": "Odd"}}, "rule 'deal_odd': title.ru: is missing"),
        ({"parameters": {"days": {"a": 1}}}, "rule 'deal_odd': parameters.days: must be a number"),
        ({"threshold": 2}, "rule 'deal_odd': threshold:"),
        ({"fix": {"hubspot": "Let it go."}}, "rule 'deal_odd': fix.bitrix24: is missing"),
        ({"connections": {"us": {"parameters": {"dayz": 1}}}}, "connections.us.parameters.dayz: is unknown"),
        ({"connections": {"us": {"parameters": {"days": "many"}}}}, "parameters.days: must be a number"),
        ({"from_settings": {"hours": "sla_hours"}}, "from_settings.hours: no such parameter"),
        ({"id": "Deal odd"}, "rule 'Deal odd': id:"),
        ({"id": "deal_oddd"}, "rule 'deal_oddd': there is no such rule; did you mean 'deal_odd'?"),
        ({"record_type": "contact"}, "rule 'deal_odd': record_type: must be deal"),
        ({"parameters": OTHERS}, "rule 'deal_odd': parameters.days: is missing; ours is 3"),
        ({"parameters": OTHERS | {"days": -3}}, "parameters.days: must not be negative"),
        ({"parameters": OTHERS | {"days": "two weeks"}}, "parameters.days: must be a number"),
        ({"parameters": OTHERS | {"days": None}}, "parameters.days: must be a number"),
        ({"parameters": OTHERS | {"days": 3, "day": 5}}, "parameters.day: is unknown; known: days,"),
        ({"parameters": OTHERS | {"days": 3, "region": "Germany"}}, "parameters.region: must be the two"),
        ({"parameters": OTHERS | {"days": 3, "fields": "UF_A"}}, "parameters.fields: must be a list"),
        ({"connections": {"us": {"parameters": {"region": 7}}}}, "us.parameters.region: must be the two"),
        ({"connections": {"us": {"parameters": {"days": -1}}}}, "us.parameters.days: must not be neg"),
    ],
)
def test_what_is_wrong_is_told_with_its_rule_and_key(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        loaded(written(tmp_path, RULE | change))
    assert told in str(refused.value)


def test_two_rules_of_one_id_and_an_unknown_connection_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="two rules have the id 'deal_odd'"):
        loaded(written(tmp_path, RULE, RULE))
    elsewhere = written(tmp_path, RULE | {"connections": {"fr": {"enabled": False}}})
    with pytest.raises(SettingsError, match=r"connections\.fr: there is no such connection"):
        loaded(elsewhere).effective(settings())


def test_a_wrong_file_ends_a_run_before_anything_is_read(
    dealhouse: Dealhouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "connections.yml").write_text(SETTINGS)
    monkeypatch.setenv("DEALHOUSE_RULES", str(written(tmp_path, RULE | {"severity": "bad"})))
    code, _, error = dealhouse("run")
    assert code == 1
    assert "rule 'deal_odd': severity" in error
    assert not (tmp_path / "home" / "lake").exists()


def test_each_connection_gets_its_own_rule(tmp_path: Path) -> None:
    other = {"us": {"severity": "info", "parameters": {"days": 9}}}
    rules = effective(written(tmp_path, RULE | {"connections": other}))
    assert [(row["severity"], row["fix"]) for row in rules.values()] == [
        ("error", "Make it even."),
        ("info", "Let it go."),
    ]
    assert rules["us"]["parameters"] == '{"days": 9, "fields": [], "region": null}'


def test_a_setting_of_the_connection_takes_the_place_of_a_parameter(tmp_path: Path) -> None:
    path = written(tmp_path, RULE)
    rules = effective(path, phone_region="DE", required_fields=("UF_A", "UF_B"))
    assert rules["ru"]["parameters"] == '{"days": 3, "fields": ["UF_A", "UF_B"], "region": "DE"}'
    assert rules["ru"]["rule_version"] != effective(path)["ru"]["rule_version"]


@pytest.mark.parametrize(
    ("change", "is_another"),
    [
        ({"parameters": RULE["parameters"] | {"days": 4}}, True),
        ({"enabled": False}, True),
        ({"revision": 2}, True),
        ({"severity": "info"}, False),
        ({"threshold": 0.5}, False),
        ({"why": "Because."}, False),
    ],
)
def test_a_version_changes_with_what_changes_the_findings(
    tmp_path: Path, change: dict[str, Any], is_another: bool
) -> None:
    before = effective(written(tmp_path, RULE))["us"]["rule_version"]
    after = effective(written(tmp_path, RULE | change))["us"]["rule_version"]
    assert (before != after) == is_another


def test_rules_land_when_they_change_and_one_that_left_is_off(tmp_path: Path) -> None:
    folder = tmp_path / "lake" / "dealhouse" / "dq_rules"
    path = written(tmp_path, RULE, RULE | {"id": "deal_even"})
    for _ in range(2):
        land_rules(tmp_path, loaded(path).effective(settings()))
    assert len(list(folder.iterdir())) == 1
    land_rules(tmp_path, loaded(written(tmp_path, RULE)).effective(settings()))
    rows = sorted(Lake(tmp_path).own_rows("dq_rules"), key=lambda row: row["landed_at"])[-2:]
    assert [(row["rule_id"], row["is_enabled"]) for row in rows] == [("deal_even", False)] * 2


def test_another_phone_region_makes_the_rules_that_heed_it_changed_ones() -> None:
    rules = load_rules(FILE)
    versions = [
        {row["rule_id"]: row["rule_version"] for row in rules.effective(settings(phone_region=region))}
        for region in ("RU", "DE")
    ]
    changed = {rule for rule, version in versions[0].items() if versions[1][rule] != version}
    assert changed == {"contact_phone_malformed", "contact_phone_in_comments", "contact_duplicate"}


def test_a_copy_of_our_file_is_right_and_looks_at_what_its_sql_does(tmp_path: Path) -> None:
    document = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for rule in document["rules"]:
        rule.pop("reads", None)
    copy = written(tmp_path, *document["rules"])
    assert load_rules(copy) == load_rules(FILE)


def test_our_own_file_is_right_and_says_what_people_need() -> None:
    rules = load_rules(FILE).rules
    assert len(rules) >= 21
    assert all(rule.why.endswith(".") for rule in rules)
