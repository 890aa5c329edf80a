"""Whatever moment of an extraction a kill chooses: nothing is lost, nothing doubles."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.kills.home import Home, make_home

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.server import RunningPortal

# Moments of each point in an extraction, at least.
EXTRACTION_POINTS = {"page": 16, "package": 6, "file_copy": 8, "load_commit": 4}
# One of each kind of stream; more of the same would only take longer.
ENTITIES = {
    "bitrix24": ["deals", "deal_stage_history", "statuses", "activities", "activity_bindings"],
    "hubspot": ["deals", "deal_property_history", "owners", "contacts", "contact_associations"],
}
RECORDS = tuple(
    (crm, entity) for crm, entities in ENTITIES.items() for entity in entities if "history" not in entity
)
EVENTS = (("bitrix24", "deal_stage_history"), ("hubspot", "deal_property_history"))


# Worked out by the CRM: it moves with another record and leaves the time of this one's change alone, so that
# it is as of the last reading of the deal. No model reads it.
COUNTED_BY_THE_CRM = re.compile(r'"num_associated_contacts":"\d+"')


def state(home: Home, crm: str, entity: str) -> dict[object, tuple[object, ...]]:
    """The newest capture of every id that is not deleted."""
    newest = {row[:2]: row[2:] for row in home.captures(crm, entity)}
    return {
        key: (COUNTED_BY_THE_CRM.sub("", str(payload)), is_deleted)
        for key, (payload, is_deleted) in newest.items()
        if not is_deleted
    }


@pytest.mark.parametrize(
    "kills", [pytest.param(3, id="three"), pytest.param(20, marks=pytest.mark.exhaustive, id="twenty")]
)
@pytest.mark.parametrize("point", EXTRACTION_POINTS)
def test_a_kill_while_extracting_loses_and_doubles_nothing(
    point: str, kills: int, tmp_path: Path, portals: dict[str, RunningPortal]
) -> None:
    home = make_home(tmp_path / "killed", portals, ENTITIES)
    died = 0
    while died < kills:
        if home.run_killed(point, 1 + died % EXTRACTION_POINTS[point], "extract"):
            died += 1
        else:
            for portal in portals.values():
                portal.advance(1)
    home.run("extract")
    undisturbed = make_home(tmp_path / "undisturbed", portals, ENTITIES)
    undisturbed.run("extract")
    for crm, entity in RECORDS:
        assert state(home, crm, entity) == state(undisturbed, crm, entity), entity
    for crm, entity in EVENTS:
        assert state(home, crm, entity).items() >= state(undisturbed, crm, entity).items(), entity
    for crm, entity in (*RECORDS, *EVENTS):
        captures = home.captures(crm, entity)
        assert not [row for row, following in pairwise(captures) if row == following], entity
