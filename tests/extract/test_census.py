"""The census of both CRMs: what a portal shows of its deals now, over real HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from extract.core.census import take_census
from extract.core.errors import DealhouseError
from extract.core.lake import Lake
from extract.sources import source_of
from extract.sources.hubspot import listing
from simulator.faults import Fault
from simulator.identifiers import hubspot as ids
from simulator.model import Change
from simulator.visible import VIEWS
from simulator.world import make_world
from tests.extract.portals import Tried, portal

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.model import Deal, World

CRMS = ("bitrix24", "hubspot")
# Pages by key cannot be shifted, and a time-out takes long.
FAULTS_OF_OTHERS = {
    "bitrix24": {Fault.NO_RESULTS, Fault.GATEWAY_REFUSAL},
    "hubspot": {Fault.COMMAND_REFUSED},
}
FAULTS = [
    (crm, fault)
    for crm in CRMS
    for fault in Fault
    if fault not in {Fault.SHIFTED_PAGE, Fault.TIME_OUT, Fault.EMPTY_SEARCH, Fault.FAILED_INPUT}
    and fault not in FAULTS_OF_OTHERS[crm]
]
Shown = tuple[str, str, str, str | None, Decimal | None, str | None, object]


def census_of(tried: Tried) -> dict[str, Shown]:
    """The rows of a census by id; those that came twice came alike."""
    rows = take_census(tried.connection, source_of(tried.connection.crm)).to_pylist()
    found = {row["native_id"]: _shown(row) for row in rows}
    assert all(found[row["native_id"]] == _shown(row) for row in rows)
    return found


def _shown(row: dict[str, Any]) -> Shown:
    amount = None if row["amount"] is None else Decimal(row["amount"])
    place = (row["native_id"], row["pipeline_id"], row["stage_id"], row["owner_id"])
    return (*place, amount, row["currency"], row["modified_at"])


def shown_by(world: World, crm: str) -> dict[str, Shown]:
    """The same of the world, as the fact sheet of the CRM says it can be seen."""
    view = VIEWS[crm](world)
    alive = [
        deal for deal in world.deals if not deal.is_template and not deal.state_at(world.now)["is_deleted"]
    ]
    deals = [view.deal(deal, world.now) for deal in alive]
    return {
        deal.native_id: (
            *(deal.native_id, deal.pipeline_id, deal.stage_id, deal.owner_id),
            *(deal.amount, deal.currency, deal.modified_at.replace(tzinfo=None)),
        )
        for deal in deals
    }


@pytest.mark.parametrize("crm", CRMS)
def test_a_census_equals_the_world_and_lands_nothing(world: World, tmp_path: Path, crm: str) -> None:
    told: list[tuple[str, str, int]] = []
    with portal(world, crm, tmp_path) as tried:
        assert census_of(tried) == shown_by(world, crm)
        world.advance(1)
        assert census_of(tried) == shown_by(world, crm)
        take_census(tried.connection, source_of(crm), lambda *progress: told.append(progress))
    assert told[-1] == ("portal", "deals", len(shown_by(world, crm)))
    assert not Lake(tmp_path).root.exists()


@pytest.mark.parametrize(("crm", "fault"), FAULTS)
def test_a_fault_makes_a_census_miss_and_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm: str, fault: Fault
) -> None:
    monkeypatch.setattr(listing, "PAGE", 50)
    world = make_world(seed=3, size=0.08)  # enough for a second batch
    with portal(world, crm, tmp_path) as tried:
        tried.running.faults.add(fault, count=2)
        assert census_of(tried) == shown_by(world, crm)
        assert tried.running.faults.served


@pytest.mark.parametrize("crm", CRMS)
def test_a_deal_deleted_while_a_census_is_read_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm: str
) -> None:
    monkeypatch.setattr(listing, "PAGE", 50)
    world = make_world(seed=3, size=0.08)
    first = next(deal for deal in world.deals if not deal.state_at(world.now)["is_deleted"])
    counts: list[int] = []

    def delete(_connection: str, _entity: str, count: int) -> None:
        if not counts:
            first.changes.append(Change(world.now, "is_deleted", value=True, by=first.created_by))
            world.version += 1
        counts.append(count)

    with portal(world, crm, tmp_path) as tried:
        found = take_census(tried.connection, source_of(crm), delete)["native_id"].to_pylist()
    assert counts[0] < counts[-1]
    assert shown_by(world, crm).keys() <= set(found)


def test_a_census_costs_few_requests(world: World, tmp_path: Path) -> None:
    """Bitrix24: 50 deals in a page, pages in batches; HubSpot: 100 in a page of the list and nothing else."""
    with portal(world, "bitrix24", tmp_path) as tried:
        census_of(tried)
        assert tried.running.counters.total_requests <= 2
    with portal(world, "hubspot", tmp_path) as tried:
        census_of(tried)
        assert tried.running.counters.total_requests == 1


def test_a_census_that_is_listed_in_ranges_is_whole(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 10)
    monkeypatch.setattr(listing, "PAGES_WORTH_SPLITTING", 2)
    with portal(world, "hubspot", tmp_path) as tried:
        assert census_of(tried) == shown_by(world, "hubspot")


@pytest.mark.parametrize("crm", CRMS)
def test_a_census_begins_at_the_start_date(world: World, tmp_path: Path, crm: str) -> None:
    start = sorted(deal.created_at for deal in world.deals)[len(world.deals) // 2].date()
    with portal(world, crm, tmp_path) as tried:
        tried.connection = tried.connection.model_copy(update={"start_date": start})
        tried.cycle(entities=["deals"])
        assert census_of(tried).keys() == tried.present("deals").keys()


def test_a_survivor_names_the_deals_merged_into_it(world: World, tmp_path: Path) -> None:
    fresh = [deal for deal in world.deals if _is_unmerged(world, deal)]
    survivor, gone = fresh[0], fresh[1]
    for name, value in (("merged_into", survivor.number), ("is_deleted", True)):
        gone.changes.append(Change(world.now, name, value, gone.created_by))
    world.version += 1
    with portal(world, "hubspot", tmp_path) as tried:
        rows = take_census(tried.connection, source_of("hubspot")).to_pylist()
    found = {row["native_id"]: row["merged_ids"] for row in rows}
    merged = [str(ids.deal_id(deal.number)) for deal in (survivor, gone)]
    assert found[str(ids.merged_id("deal", survivor.number, 1))] == merged
    assert not found.keys() & set(merged)


def _is_unmerged(world: World, deal: Deal) -> bool:
    survivors = {
        change.value for deal in world.deals for change in deal.changes if change.name == "merged_into"
    }
    return not deal.is_template and deal.exists_at(world.now) and deal.number not in survivors


@pytest.mark.parametrize("crm", CRMS)
def test_a_portal_that_lets_nobody_in_says_so(world: World, tmp_path: Path, crm: str) -> None:
    with portal(world, crm, tmp_path) as tried:
        connection = tried.connection
    with (
        portal(world, crm, tmp_path, missing_scopes=frozenset({"crm", "crm.objects.deals.read"})) as tried,
        pytest.raises(DealhouseError, match=r"portal.*"),
    ):
        take_census(tried.connection, source_of(crm))
    with pytest.raises(DealhouseError, match="cannot be reached"):
        take_census(connection, source_of(crm))
