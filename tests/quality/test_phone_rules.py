"""Telephone numbers: what libphonenumber says of them, and what hides in comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import phonenumbers
import pytest

from tests.dbt import phone_metadata
from tests.quality.compiled import Row, Rules, labelled
from tests.quality.phone_strings import phone_strings

if TYPE_CHECKING:
    from pathlib import Path

COUNT, SEED, SHARE = 20_000, 20_261, 0.995
PARAMETER = ("connection", "rule_id", "parameter", "value_text")


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    return Rules(tmp_path_factory.mktemp("rules"), "data_quality.contacts")


def e164(region: str | None, text: str) -> str | None:
    """What libphonenumber makes of a text; None where it is not a possible number."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def test_the_seeds_follow_the_metadata(tmp_path: Path) -> None:
    phone_metadata.main(tmp_path)
    for seed in (phone_metadata.REGIONS, phone_metadata.PREFIXES):
        made = (tmp_path / seed.name).read_text(encoding="utf-8")
        assert seed.read_text(encoding="utf-8") == made, "run: python -m tests.dbt.phone_metadata"


def test_numbers_of_all_countries_are_judged_as_libphonenumber_does(rules: Rules) -> None:
    strings = phone_strings(COUNT, SEED)
    given: list[Row] = [{"region": region or "", "number_text": text} for region, text in strings]
    found = {
        (row["region"] or None, row["number_text"]): (bool(row["is_possible"]), row["e164_phone"])
        for row in rules.findings("int_phone_numbers", {"int_phone_texts": given})
    }
    expected = {(region, text): e164(region, text) for region, text in strings}
    assert len(found) == COUNT
    others = [
        (key, number, found[key])
        for key, number in expected.items()
        if found[key] != (number is not None, number)
    ]
    assert 1 - len(others) / COUNT >= SHARE, others[:20]
    # Neither most of them right nor most of them wrong, else agreeing would be easy.
    assert 0.4 < sum(number is not None for number in expected.values()) / COUNT < 0.7


def test_the_labelled_comments_are_told_apart(rules: Rules) -> None:
    rows = labelled("contact_phone_in_comments")
    assert len(rows) >= 300
    regions = sorted({row["region"] for row in rows if row["region"]})
    contacts: list[Row] = [
        {"contact_key": str(place), "connection": row["region"] or "none", "comments": row["comments"]}
        | dict.fromkeys(("job_title", "first_name", "last_name", "owner_key"))
        | {"is_deleted": "false", "is_in_special_list": "false"}
        for place, row in enumerate(rows)
    ]
    given: dict[str, list[Row]] = {
        "int_contacts": contacts,
        "int_contact_points": [
            {"record_key": str(place), "record_type": "contact", "point_type": "phone"}
            | {"point_value": row["phone"], "position": 1}
            for place, row in enumerate(rows)
            if row["phone"]
        ],
        "int_rule_parameters": [
            dict(zip(PARAMETER, (region, "contact_phone_malformed", "region", region), strict=True))
            for region in regions
        ],
        "int_connections": [{"connection": name, "phone_region": None} for name in [*regions, "none"]],
        "int_enabled_rules": [
            {"connection": name, "rule_id": "contact_phone_in_comments"} for name in [*regions, "none"]
        ],
        "int_custom_fields": [{"custom_field_key": "", "field_type": ""}],
        "int_custom_field_values": [{"custom_field_key": "", "record_key": "", "value_text": ""}],
    }
    flagged = {row["record_key"] for row in rules.findings("dq_contact_phone_in_comments", given)}
    wrong = [
        row for place, row in enumerate(rows) if (str(place) in flagged) != (row["is_flagged"] == "true")
    ]
    assert wrong == []
