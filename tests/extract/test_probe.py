"""What a probe says of clocks, and of fields that settings name and the CRM does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from extract.core.probe import clock
from extract.sources import source_of
from tests.extract.portals import portal

if TYPE_CHECKING:
    from pathlib import Path

    from extract.core.probe import Finding
    from simulator.model import World


def findings_of(world: World, crm: str, home: Path, **mappings: str) -> dict[str, Finding]:
    with portal(world, crm, home) as tried:
        mapped = tried.connection.mappings.model_copy(update=mappings)
        connection = tried.connection.model_copy(update={"mappings": mapped})
        return {finding.name: finding for finding in source_of(crm).probe(connection)}


@pytest.mark.parametrize(
    ("ahead", "detail", "is_ok"),
    [
        (-0.4, "the portal agrees with this machine", True),
        (1.2, "the portal is 1 s ahead of this machine", True),
        (-61.0, "the portal is 61 s behind this machine", False),
    ],
)
def test_a_clock_is_told_by_whole_seconds(ahead: float, detail: str, is_ok: bool) -> None:
    finding = clock("the portal", ahead)
    assert (finding.detail, finding.is_ok, finding.is_needed) == (detail, is_ok, False)


@pytest.mark.parametrize("crm", ["bitrix24", "hubspot"])
def test_a_field_that_nobody_has_is_named_with_those_near_to_it(
    still_world: World, tmp_path: Path, crm: str
) -> None:
    with portal(still_world, crm, tmp_path) as tried:
        known = tried.connection.mappings.loss_reason or "closed_lost_reason"
    findings = findings_of(still_world, crm, tmp_path, loss_reason=known, competitor=f"{known}X")
    assert findings["mappings.loss_reason"].is_ok
    wrong = findings["mappings.competitor"]
    assert not wrong.is_ok
    assert wrong.is_needed
    assert wrong.advice.startswith(f"Correct it in connections.yml; near it are {known}")


def test_fields_are_not_asked_for_where_none_is_mapped(still_world: World, tmp_path: Path) -> None:
    unmapped = {"loss_reason": None, "competitor": None}
    findings = findings_of(still_world, "bitrix24", tmp_path, **unmapped)  # type: ignore[arg-type]
    assert not [name for name in findings if name.startswith("mappings.")]
