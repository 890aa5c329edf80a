"""HubSpot works properties out anew without a time of change: once a week everything is read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from extract.sources.hubspot import listing
from extract.sources.hubspot.records import Batches
from simulator.faults import Fault
from simulator.identifiers import hubspot as ids
from simulator.world import make_world
from tests.extract.portals import Tried, portal
from tests.extract.test_hubspot_objects import change, fresh
from tests.extract.test_hubspot_oddities import LIST, assert_equal, errors_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simulator.model import World

DEALS = ["deals"]


@pytest.fixture
def world() -> World:
    return make_world(seed=3, size=0.01)


@pytest.fixture
def tried(world: World, tmp_path: Path) -> Iterator[Tried]:
    with portal(world, "hubspot", tmp_path) as running:
        running.cycle(entities=DEALS)
        yield running


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 10)


def change_silently(world: World, title: str) -> None:
    """Another title for a deal, with the time of change that it had."""
    deal = fresh(world, list(world.deals))[0]
    deal.changes.append(replace(deal.changes[-1], name="title", value=title))
    world.version += 1


@pytest.mark.parametrize(
    ("days", "is_thorough", "is_found"),
    [(5, True, False), (7, False, False), (7, True, True), (9, False, True)],
)
def test_what_changed_silently_is_found_within_a_week(
    tried: Tried, world: World, days: int, *, is_thorough: bool, is_found: bool
) -> None:
    world.advance(days)
    change_silently(world, "worked out anew")
    tried.cycle(entities=DEALS, is_thorough=is_thorough)
    titles = {row["properties"]["dealname"] for row in tried.present("deals").values()}
    assert ("worked out anew" in titles) is is_found
    if is_found:
        assert_equal(tried, "deals")
        assert tried.cycle(entities=DEALS, is_thorough=True)["deals"].rows == 0


def test_a_weekly_reading_goes_on_where_it_was_stopped_and_changes_do_not_wait_for_it(
    tried: Tried, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.advance(9)
    change_silently(world, "worked out anew")
    tried.running.faults.add(Fault.NO_RESULTS, path=LIST, skip=3, count=50)
    change(world, fresh(world, list(world.deals))[1], title="Renamed")
    assert "deals" in errors_of(tried.cycle(entities=DEALS))
    assert "Renamed" in {row["properties"]["dealname"] for row in tried.present("deals").values()}

    tried.running.faults.clear()
    begun_at: list[list[listing.Range]] = []
    pages = listing.Listing.pages

    def watched(self: listing.Listing) -> Iterator[list[listing.Record]]:
        begun_at.append(list(self.ranges))
        return pages(self)

    monkeypatch.setattr(listing.Listing, "pages", watched)
    change(world, fresh(world, list(world.deals))[2], title="Renamed later")
    assert errors_of(tried.cycle(entities=DEALS)) == {}
    assert_equal(tried, "deals")
    assert begun_at[0] != [listing.WHOLE]
    begun_at.clear()
    assert tried.cycle(entities=DEALS)["deals"].rows == 0
    assert begun_at == [], "the week was over once only"


def test_what_cannot_be_read_is_not_taken_for_erased(
    tried: Tried, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = str(ids.deal_id(fresh(world, list(world.deals))[0].number))
    page, read = listing.Listing._page, Batches.read

    def slipping(self: listing.Listing, after: str | None) -> tuple[list[listing.Record], str | None]:
        records, following = page(self, after)
        return [record for record in records if record["id"] != hidden], following

    def owing(self: Batches, wanted: list[str]) -> tuple[list[listing.Record], list[str]]:
        return ([], wanted) if wanted == [hidden] else read(self, wanted)

    monkeypatch.setattr(listing.Listing, "_page", slipping)
    monkeypatch.setattr(Batches, "read", owing)
    world.now += timedelta(days=9)
    assert hidden in errors_of(tried.cycle(entities=DEALS))["deals"]
    assert hidden in tried.present("deals")
