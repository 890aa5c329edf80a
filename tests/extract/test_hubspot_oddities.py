"""Accounts of HubSpot that do what nobody promised: no record may be lost without a word."""

from __future__ import annotations

import time
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from extract.core.errors import UnreadableReplyError
from extract.sources.hubspot import api, listing
from simulator.faults import Fault
from simulator.identifiers import hubspot as ids
from simulator.world import make_world
from tests.extract.censuses import with_leads_from
from tests.extract.portals import Tried, portal
from tests.extract.test_hubspot_objects import change, contact_key, fresh, landed, shown_by

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simulator.model import World

LIST, BATCH, SEARCH = "objects/2026-03/deals$", "deals/batch/read", "deals/search"


@pytest.fixture
def world() -> World:
    return make_world(seed=3, size=0.01)


@pytest.fixture
def tried(world: World, tmp_path: Path) -> Iterator[Tried]:
    with portal(world, "hubspot", tmp_path) as running:
        yield running


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 10)
    monkeypatch.setattr(listing, "PAGES_WORTH_SPLITTING", 2)


def errors_of(runs: dict[str, Any]) -> dict[str, str]:
    return {entity: run.error for entity, run in runs.items() if run.error}


def assert_equal(tried: Tried, *names: str) -> None:
    for name in names:
        assert landed(tried, name) == shown_by(tried, name), name


@pytest.mark.parametrize(
    ("fault", "path", "count"),
    [
        (Fault.NO_RESULTS, LIST, 3),
        (Fault.NO_RESULTS, BATCH, 3),
        (Fault.FAILED_INPUT, BATCH, 3),
        (Fault.GATEWAY_REFUSAL, LIST, 2),
    ],
)
def test_a_broken_answer_is_asked_for_again(tried: Tried, fault: Fault, path: str, count: int) -> None:
    tried.running.faults.add(fault, path=path, skip=2, count=count)
    assert errors_of(tried.cycle(entities=["deals"])) == {}
    assert len(tried.running.faults.served) == count
    assert_equal(tried, "deals")


@pytest.mark.parametrize("fault", [Fault.NO_RESULTS, Fault.EMPTY_SEARCH])
def test_a_search_that_shows_nothing_of_what_it_counts_is_asked_again(
    tried: Tried, world: World, fault: Fault
) -> None:
    tried.cycle(entities=["deals"])
    for deal in fresh(world, list(world.deals))[:5]:
        change(world, deal, title="Renamed")
    tried.running.faults.add(fault, path=SEARCH, count=2)
    assert tried.cycle(entities=["deals"])["deals"].rows == 5
    assert_equal(tried, "deals")


def test_an_object_that_is_not_given_is_named_and_read_as_soon_as_it_is(tried: Tried) -> None:
    tried.running.faults.add(Fault.FAILED_INPUT, path=BATCH, count=6)
    tried.running.faults.add(Fault.NO_RESULTS, path=r"deals/\d+$", count=0)
    first = tried.cycle(entities=["deals"])["deals"]
    missing = shown_by(tried, "deals").keys() - landed(tried, "deals").keys()
    assert (len(missing) > 0) is not first.is_complete
    assert all(key in (first.error or "") for key in missing)
    assert tried.cycle(entities=["deals"])["deals"].is_complete
    assert_equal(tried, "deals")


def test_the_times_of_the_account_count_not_those_of_the_server_that_answers(
    world: World, tmp_path: Path
) -> None:
    with portal(world, "hubspot", tmp_path, tells_machine_time=True) as tried:
        tried.cycle(entities=["deals", "notes"])
        for _ in range(2):
            tried.running.advance(1)
            assert errors_of(tried.cycle(entities=["deals", "notes"])) == {}
            assert_equal(tried, "deals", "notes")


def test_what_the_index_shows_late_is_found_though_others_were_found_before(
    world: World, tmp_path: Path
) -> None:
    with portal(world, "hubspot", tmp_path, search_lag_seconds=2400) as tried:
        tried.cycle(entities=["deals"])
        for deal in fresh(world, list(world.deals))[:5]:
            change(world, deal, title="Renamed")
            world.now += timedelta(minutes=10)
            tried.cycle(entities=["deals"])
        world.now += timedelta(minutes=41)
        tried.cycle(entities=["deals"])
        assert_equal(tried, "deals")


@pytest.mark.parametrize("cursors", ["offset", "opaque"])
def test_cursors_need_not_be_ids(world: World, tmp_path: Path, cursors: str) -> None:
    with portal(world, "hubspot", tmp_path, cursors=cursors) as tried:
        assert errors_of(tried.cycle(entities=["deals", "notes"])) == {}
        assert_equal(tried, "deals", "notes")


def test_what_slipped_from_a_list_while_it_was_read_is_found_by_its_count(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archived: list[Any] = []
    page = listing.Listing._page

    def losing(self: listing.Listing, after: str | None) -> Any:
        if after and not archived:
            archived.append(fresh(world, list(world.deals))[0])
            world.now += timedelta(seconds=30)
            change(world, archived[0], is_deleted=True)
        return page(self, after)

    monkeypatch.setattr(listing.Listing, "_page", losing)
    with portal(world, "hubspot", tmp_path, cursors="opaque") as tried:
        tried.cycle(entities=["deals"])
        assert archived
        assert landed(tried, "deals").keys() == shown_by(tried, "deals").keys()


def test_an_erased_record_is_found_once_a_week_without_a_reading_from_scratch(
    world: World, tmp_path: Path
) -> None:
    with portal(world, "hubspot", tmp_path) as tried:
        tried.cycle(entities=["deals"])
        erased = fresh(world, list(world.deals))[0]
        world.deals = [deal for deal in world.deals if deal is not erased]
        world.version += 1
        tried.cycle(entities=["deals"])
        assert landed(tried, "deals").keys() - shown_by(tried, "deals").keys()
        world.now += timedelta(days=8)
        assert tried.cycle(entities=["deals"])["deals"].rows == 1
        assert_equal(tried, "deals")


@pytest.mark.parametrize("is_known", [True, False])
def test_what_was_put_away_is_landed_as_it_was_last(tried: Tried, world: World, *, is_known: bool) -> None:
    deal = fresh(world, list(world.deals))[0]
    key = str(ids.deal_id(deal.number))
    if is_known:
        tried.cycle(entities=["deals"])
    change(world, deal, amount=Decimal(4321))
    change(world, deal, is_deleted=True)
    assert errors_of(tried.cycle(entities=["deals"])) == {}
    *_, last, tombstone = [row for row in tried.landed("deals") if row["id"] == key]
    assert not last["is_deleted"]
    assert last["payload"]["properties"]["amount"] == "4321"
    assert tombstone["is_deleted"]
    amounts = [
        row["payload"] for row in tried.landed("deal_property_history") if f"{key}:amount:" in row["id"]
    ]
    assert any(version["value"] == "4321" for version in amounts)
    assert_equal(tried, "deals")
    assert tried.cycle(entities=["deals"])["deals"].rows == 0


@pytest.mark.parametrize(("leads_from", "count"), [("leads", 0), ("lead_status", 2)])
def test_persons_who_were_deleted_are_read_only_where_they_are_leads(
    tried: Tried, world: World, leads_from: str, count: int
) -> None:
    contact = fresh(world, list(world.contacts))[0]
    change(world, contact, is_deleted=True)
    tried.connection = with_leads_from(tried, leads_from)
    tried.cycle(entities=["contacts"])
    assert [row["id"] for row in tried.landed("contacts")].count(contact_key(contact)) == count


def test_the_recycle_bin_forgets_and_nothing_comes_back(tried: Tried, world: World) -> None:
    change(world, fresh(world, list(world.deals))[0], is_deleted=True)
    tried.cycle(entities=["deals"])
    before = landed(tried, "deals")
    world.now += timedelta(days=95)
    world.version += 1
    assert errors_of(tried.cycle(entities=["deals"])) == {}
    assert landed(tried, "deals") == before


def test_only_cursors_that_can_be_no_offsets_count_as_ids() -> None:
    def page(*ids: int) -> list[dict[str, Any]]:
        return [{"id": str(native_id)} for native_id in ids]

    assert listing._is_by_id(page(*range(5000, 5100)), "5100")
    assert not listing._is_by_id(page(*range(1, 101)), "100")
    assert not listing._is_by_id(page(), "100")


def test_merges_are_told_by_properties_that_are_not_defined(world: World, tmp_path: Path) -> None:
    with portal(world, "hubspot", tmp_path, lists_calculated=False) as tried:
        tried.cycle(entities=["deals"])
        deals = fresh(world, list(world.deals))
        change(world, deals[1], merged_into=deals[0].number, is_deleted=True)
        tried.cycle(entities=["deals"])
        assert_equal(tried, "deals")
        assert all("hs_is_closed_won" in row["properties"] for row in tried.present("deals").values())


def test_a_survivor_that_is_archived_before_it_is_read_takes_its_parts_along(
    tried: Tried, world: World
) -> None:
    tried.cycle(entities=["deals"])
    deals = fresh(world, list(world.deals))
    change(world, deals[1], merged_into=deals[0].number, is_deleted=True)
    change(world, deals[0], is_deleted=True)
    tried.cycle(entities=["deals"])
    assert_equal(tried, "deals")


@pytest.mark.parametrize(
    "refusal", ["404", "Unable to infer object type from: leads", "Invalid object type: leads"]
)
def test_an_account_says_in_its_own_way_that_it_has_no_leads(
    world: World, tmp_path: Path, refusal: str
) -> None:
    with portal(world, "hubspot", tmp_path, lead_refusal=refusal) as tried:
        runs = tried.cycle()
        assert all(run.is_complete or not run.is_required for run in runs.values()), errors_of(runs)
        assert "deals:default" in tried.present("pipelines")
        from_types = {row["fromType"] for row in tried.present("activity_associations").values()}
        assert from_types == {"calls", "meetings", "emails", "tasks", "notes"}


def test_times_in_milliseconds_and_a_recycle_bin_without_times_are_understood(
    world: World, tmp_path: Path
) -> None:
    with portal(world, "hubspot", tmp_path, has_millisecond_times=True, tells_archived_at=False) as tried:
        assert errors_of(tried.cycle(entities=["deals"])) == {}
        change(world, fresh(world, list(world.deals))[0], is_deleted=True)
        assert errors_of(tried.cycle(entities=["deals"])) == {}
        assert_equal(tried, "deals")
        assert len(tried.landed("deal_property_history")) > len(landed(tried, "deals"))


@pytest.mark.parametrize(
    ("scope", "refused"),
    [
        ("settings.currencies.read", {"exchange_rates": False}),
        ("crm.objects.owners.read", {"owners": False}),
        ("crm.schemas.deals.read", {"deal_properties": False}),
        ("oauth", {"account": True}),
    ],
)
def test_what_may_not_be_read_takes_nothing_else_along(
    world: World, tmp_path: Path, scope: str, refused: dict[str, bool]
) -> None:
    asked = ["deals", "owners", "exchange_rates", "deal_properties", "account"]
    with portal(world, "hubspot", tmp_path, missing_scopes=frozenset({scope})) as tried:
        runs = tried.cycle(entities=asked)
        assert {name: run.is_required for name, run in runs.items() if not run.is_complete} == refused
        assert_equal(tried, "deals")
        assert all(row["properties"]["dealstage"] for row in tried.present("deals").values())


def test_waiting_out_a_limit_uses_up_no_tries_after_a_fault(tried: Tried) -> None:
    tried.running.faults.add(Fault.TOO_MANY_REQUESTS, path=LIST, count=6, retry_after=0)
    tried.running.faults.add(Fault.UNAVAILABLE, path=LIST)
    assert errors_of(tried.cycle(entities=["deals"])) == {}


def test_nobody_waits_for_an_hour(tried: Tried) -> None:
    tried.running.faults.add(Fault.TOO_MANY_REQUESTS, path=LIST, retry_after=3600)
    begun = time.monotonic()
    assert "fewer requests" in errors_of(tried.cycle(entities=["deals", "notes"]))["deals"]
    assert time.monotonic() - begun < 20


def test_cursors_that_go_round_end_the_reading() -> None:
    class Circling:
        def send(self, request: Any) -> Any:
            after = {"a": "b", "b": "c"}.get(request.params.get("after"), "a")
            body = {"results": [], "paging": {"next": {"after": after}}}
            return type("Answer", (), {"body": body})

    with pytest.raises(UnreadableReplyError, match="circles"):
        list(api.pages(Circling(), "owners", "owners", {}))  # type: ignore[arg-type]
