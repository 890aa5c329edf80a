"""The censuses of both CRMs: what a portal shows of its deals and leads now, over real HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from extract.core.lake import Lake
from extract.core.privacy import Forgotten
from extract.sources.hubspot import listing
from simulator.faults import Fault
from simulator.identifiers import hubspot as ids
from simulator.model import Change
from simulator.visible import VIEWS
from simulator.world import make_world
from tests.extract.censuses import (
    CRMS,
    DEALS,
    ENTITIES,
    LEADS,
    take_census,
    taken_of,
    with_leads_from,
)
from tests.extract.portals import Tried, portal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from simulator.model import Deal, Lead, World

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
Kind = TypeVar("Kind", "Deal", "Lead")
Shown = tuple[str, str, str, str | None, Decimal | None, str | None, object]


def census_of(tried: Tried, entity: str = "deals") -> dict[str, Shown]:
    """The rows of a census by id; those that came twice came alike."""
    rows = take_census(tried, entity).to_pylist()
    found = {row["native_id"]: _shown(row) for row in rows}
    assert all(found[row["native_id"]] == _shown(row) for row in rows)
    return found


def _shown(row: dict[str, Any]) -> Shown:
    amount = None if row["amount"] is None else Decimal(row["amount"])
    place = (row["native_id"], row["pipeline_id"], row["stage_id"], row["owner_id"])
    return (*place, amount, row["currency"], row["modified_at"])


def shown_by(world: World, crm: str, entity: str = "deals") -> dict[str, Shown]:
    """The same of the world, as the fact sheet of the CRM says it can be seen."""
    view, now = VIEWS[crm](world), world.now
    deals = (view.deal(deal, now) for deal in alive(world.deals, world) if not deal.is_template)
    leads = (view.lead(lead, now) for lead in alive(world.leads, world))
    return {
        record.native_id: (
            *(record.native_id, record.pipeline_id, record.stage_id, record.owner_id),
            *(record.amount, record.currency, record.modified_at.replace(tzinfo=None)),
        )
        for record in (deals if entity == "deals" else leads)
    }


def alive(records: Sequence[Kind], world: World) -> Iterator[Kind]:
    """Those that are not deleted by now."""
    return (record for record in records if not record.state_at(world.now)["is_deleted"])


@pytest.mark.parametrize("entity", ENTITIES)
@pytest.mark.parametrize("crm", CRMS)
def test_a_census_equals_the_world_and_lands_nothing(
    world: World, tmp_path: Path, crm: str, entity: str
) -> None:
    told: list[tuple[str, str, int]] = []
    with portal(world, crm, tmp_path) as tried:
        assert census_of(tried, entity) == shown_by(world, crm, entity)
        world.advance(1)
        assert census_of(tried, entity) == shown_by(world, crm, entity)
        take_census(tried, entity, lambda *progress: told.append(progress))
    assert told[-1] == ("portal", entity, len(shown_by(world, crm, entity)))
    assert not Lake(tmp_path).root.exists()


@pytest.mark.parametrize(
    ("leads_from", "stage"), [("lifecyclestage", "lifecyclestage"), ("lead_status", "hs_lead_status")]
)
def test_leads_that_are_contacts_are_counted_as_landed(
    world: World, tmp_path: Path, leads_from: str, stage: str
) -> None:
    with portal(world, "hubspot", tmp_path) as tried:
        tried.connection = with_leads_from(tried, leads_from)
        tried.cycle(entities=["contacts"])
        start = max(contact.created_at for contact in world.contacts).date()
        tried.connection = tried.connection.model_copy(update={"start_date": start})
        found = census_of(tried, "leads")
        landed = {key: payload["properties"] for key, payload in tried.present("contacts").items()}
    assert {key: row[1:6] for key, row in found.items()} == {
        key: ("main", row[stage] or None, row["hubspot_owner_id"] or None, None, None)
        for key, row in landed.items()
    }
    assert len({row[2] for row in found.values()} - {None}) > 1


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
        found = take_census(tried, progress=delete)["native_id"].to_pylist()
    assert counts[0] < counts[-1]
    assert shown_by(world, crm).keys() <= set(found)


def test_a_census_costs_few_requests(world: World, tmp_path: Path) -> None:
    """Bitrix24: 50 records a page, pages in batches; HubSpot: 100 in a page of the list and nothing else."""
    with portal(world, "bitrix24", tmp_path) as tried:
        assert taken_of(tried).tables.keys() == {DEALS, LEADS}
        assert tried.running.counters.total_requests <= 4
    with portal(world, "hubspot", tmp_path) as tried:
        assert taken_of(tried).tables.keys() == {DEALS, LEADS}
        assert tried.running.counters.total_requests == 2


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
        tried.cycle(entities=ENTITIES)
        for entity in ENTITIES:
            found = census_of(tried, entity).keys()
            assert found == tried.present(entity).keys()
            assert 0 < len(found) < len(shown_by(world, crm, entity))


@pytest.mark.parametrize(("crm", "table"), [("bitrix24", "leads"), ("hubspot", "contacts")])
def test_whoever_was_forgotten_is_missed_by_nobody(
    world: World, tmp_path: Path, crm: str, table: str
) -> None:
    with portal(world, crm, tmp_path) as tried:
        if table == "contacts":
            tried.connection = with_leads_from(tried, "lifecyclestage")
        before = census_of(tried, "leads").keys()
        gone = min(before)
        Forgotten(Lake(tmp_path)).add([("portal", table, gone)], world.now.replace(tzinfo=None))
        assert census_of(tried, "leads").keys() == before - {gone}
        assert census_of(tried, "deals").keys() == shown_by(world, crm).keys()


def test_a_survivor_names_the_deals_merged_into_it(world: World, tmp_path: Path) -> None:
    fresh = [deal for deal in world.deals if _is_unmerged(world, deal)]
    survivor, gone = fresh[0], fresh[1]
    for name, value in (("merged_into", survivor.number), ("is_deleted", True)):
        gone.changes.append(Change(world.now, name, value, gone.created_by))
    world.version += 1
    with portal(world, "hubspot", tmp_path) as tried:
        rows = take_census(tried).to_pylist()
    found = {row["native_id"]: row["merged_ids"] for row in rows}
    merged = [str(ids.deal_id(deal.number)) for deal in (survivor, gone)]
    assert found[str(ids.merged_id("deal", survivor.number, 1))] == merged
    assert not found.keys() & set(merged)


def _is_unmerged(world: World, deal: Deal) -> bool:
    survivors = {
        change.value for deal in world.deals for change in deal.changes if change.name == "merged_into"
    }
    return not deal.is_template and deal.exists_at(world.now) and deal.number not in survivors
