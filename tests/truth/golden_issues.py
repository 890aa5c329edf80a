"""Says which rules do not find exactly the dirt that the golden page of it plants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.truth.golden import CRMS, records

if TYPE_CHECKING:
    from tests.oracle.inputs import Row

PAGE = "dirt"


def issue_differences(models: dict[str, list[Row]]) -> list[str]:
    """One line for every issue that is missing, too many, or told otherwise; of all records of the page."""
    found = {
        (str(row["record_key"]), str(row["rule_id"])): row["detected_value"]
        for row in models["dq_issues"]
        if row["connection"] in {f"{PAGE}_{crm}" for crm in CRMS}
    }
    planted = {
        (golden.key, rule_id): (golden.name, value)
        for golden in records("records")
        if golden.page == PAGE
        for rule_id, value in golden.expected.get("issues", {}).items()
    }
    lines = [f"{planted[key][0]}: {key} is not found" for key in planted.keys() - found.keys()]
    lines += [f"{key} is found, but not planted" for key in found.keys() - planted.keys()]
    return lines + [
        f"{planted[key][0]}: {key} says {found[key]!r}, by hand {planted[key][1]!r}"
        for key in planted.keys() & found.keys()
        if found[key] != planted[key][1]
    ]
