"""HubSpot over real HTTP, dlt and Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from extract.core.errors import AuthenticationError, DailyLimitError
from extract.core.lake import Lake
from extract.sources import source_of
from extract.sources.hubspot import listing
from extract.sources.hubspot.records import history_events, merged_ids
from simulator.faults import Fault
from simulator.identifiers import hubspot as ids
from simulator.model import Change
from tests.extract.portals import SECRET, Tried, files_holding, portal

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.model import World


def set_deleted(world: World, number: int, *, is_deleted: bool) -> None:
    deal = next(deal for deal in world.deals if deal.number == number)
    deal.changes.append(Change(world.now, "is_deleted", is_deleted, deal.created_by))
    world.version += 1


def assert_equals_the_account(tried: Tried) -> None:
    """The same deals, each in the version that the account shows."""
    newest = {row["id"]: row for row in tried.landed("deals")}
    landed = {key: row["modified_at"] for key, row in newest.items() if not row["is_deleted"]}
    assert landed == {key: at.replace(tzinfo=None) for key, at in tried.truth().items()}


def test_a_full_load_equals_the_account_and_a_quiet_cycle_lands_nothing(world: World, tmp_path: Path) -> None:
    with portal(world, "hubspot", tmp_path) as tried:
        runs = tried.cycle()
        assert {entity: run.error for entity, run in runs.items() if run.error} == {}
        assert_equals_the_account(tried)
        deal = next(iter(tried.present("deals").values()))
        assert {"properties", "createdAt", "updatedAt"} <= deal.keys()
        assert "propertiesWithHistory" not in deal
        assert "deals:default" in tried.present("pipelines")
        assert "account" in tried.present("account")
        assert {owner["archived"] for owner in tried.present("owners").values()} == {True, False}
        events = tried.landed("deal_property_history")
        assert len({row["id"] for row in events}) == len(events) > len(tried.present("deals"))
        assert {run.rows for run in tried.cycle().values()} == {0}


def test_days_of_changes_end_in_the_accounts_state(world: World, tmp_path: Path) -> None:
    with portal(world, "hubspot", tmp_path) as tried:
        tried.cycle()
        for _ in range(2):
            world.advance(1)
            tried.cycle()
            assert_equals_the_account(tried)
        tombstones = [row for row in tried.landed("deals") if row["is_deleted"]]
        assert tombstones
        merged = {key for row in tried.present("deals").values() for key in merged_ids([row])}
        assert all("archivedAt" in row["payload"] for row in tombstones if row["id"] not in merged)
        events = tried.landed("deal_property_history")
        assert len({row["id"] for row in events}) == len(events)


def test_a_restored_deal_comes_back(world: World, tmp_path: Path) -> None:
    number = next(
        d.number for d in world.deals if not d.state_at(world.now)["is_deleted"] and not d.is_template
    )
    key = str(ids.deal_id(number))
    with portal(world, "hubspot", tmp_path) as tried:
        tried.cycle(entities=["deals"])
        set_deleted(world, number, is_deleted=True)
        tried.cycle(entities=["deals"])
        assert key not in tried.present("deals")
        set_deleted(world, number, is_deleted=False)
        tried.cycle(entities=["deals"])
        assert key in tried.present("deals")


def test_a_storm_of_faults_loses_and_doubles_nothing(world: World, tmp_path: Path) -> None:
    with portal(world, "hubspot", tmp_path) as tried:
        for number, fault in enumerate(Fault):
            if fault is not Fault.TIME_OUT:
                tried.running.faults.add(fault, skip=number, count=2)
        runs = tried.cycle()
        assert {entity: run.error for entity, run in runs.items() if run.error} == {}
        assert tried.running.faults.served
        assert_equals_the_account(tried)
        deals = tried.landed("deals")
        assert len(deals) == len({row["id"] for row in deals})


def test_a_missing_scope_is_named_and_stops_nobody_else(world: World, tmp_path: Path) -> None:
    missing = frozenset({"crm.objects.owners.read"})
    with portal(world, "hubspot", tmp_path, missing_scopes=missing) as tried:
        runs = tried.cycle()
        assert [run.entity for run in runs.values() if not run.is_complete] == ["owners"]
        assert "crm.objects.owners.read" in (runs["owners"].error or "")


def test_a_wrong_token_is_told_without_it(world: World, tmp_path: Path) -> None:
    with portal(world, "hubspot", tmp_path) as tried:
        tried.cycle(entities=["owners"])
        wrong = SecretStr("wrong-token")
        tried.connection = tried.connection.model_copy(update={"token": wrong})
        with pytest.raises(AuthenticationError, match="token is not accepted") as caught:
            tried.cycle()
        assert "wrong-token" not in str(caught.value)
        assert caught.value.__context__ is None
    assert files_holding(tmp_path, SECRET) == []
    assert files_holding(tmp_path, "wrong-token") == []


def test_the_end_of_the_days_requests_keeps_what_was_read_and_resumes(world: World, tmp_path: Path) -> None:
    with portal(world, "hubspot", tmp_path, factor=1.0, burst_per_ten_seconds=10_000, daily_limit=9) as tried:
        tried.connection = tried.connection.model_copy(update={"requests_per_second": 1000.0})
        with pytest.raises(DailyLimitError, match="midnight"):
            tried.cycle()
    assert any(not row["is_complete"] for row in Lake(tmp_path).extraction_runs())
    with portal(world, "hubspot", tmp_path) as tried:
        tried.cycle()
        assert_equals_the_account(tried)


def test_an_erased_deal_is_found_by_a_reading_from_scratch(world: World, tmp_path: Path) -> None:
    with portal(world, "hubspot", tmp_path) as tried:
        tried.cycle(entities=["deals"])
        world.deals = [deal for deal in world.deals if deal.is_template or deal.number != _some_number(world)]
    with portal(world, "hubspot", tmp_path) as tried:
        tried.cycle(entities=["deals"], from_scratch=True)
        assert_equals_the_account(tried)


def _some_number(world: World) -> int:
    return next(
        d.number for d in world.deals if not d.state_at(world.now)["is_deleted"] and not d.is_template
    )


def test_a_long_list_is_read_in_ranges_unless_cursors_turn_out_not_to_be_ids(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 10)
    monkeypatch.setattr(listing, "PAGES_WORTH_SPLITTING", 2)
    with portal(world, "hubspot", tmp_path / "ranges") as tried:
        tried.cycle(entities=["deals"])
        assert_equals_the_account(tried)
        assert tried.running.counters.requests["/crm/objects/2026-03/deals"] > 8
    monkeypatch.setattr(listing, "_is_ordered", lambda ids: len(ids) == 10 and ids[0] < 0)
    with portal(world, "hubspot", tmp_path / "one") as tried:
        tried.cycle(entities=["deals"])
        assert_equals_the_account(tried)


def test_history_of_one_instant_is_counted_from_the_oldest() -> None:
    versions = [
        {"value": "c", "timestamp": "2026-01-02T00:00:00Z"},
        {"value": "b", "timestamp": "2026-01-01T00:00:00Z"},
        {"value": "a", "timestamp": "2026-01-01T00:00:00Z"},
    ]
    events = history_events({"id": "7", "propertiesWithHistory": {"dealstage": versions}}, "dealId")
    assert [(event_id, event["value"]) for event_id, _, event in events] == [
        ("7:dealstage:2026-01-01T00:00:00Z", "a"),
        ("7:dealstage:2026-01-01T00:00:00Z:2", "b"),
        ("7:dealstage:2026-01-02T00:00:00Z", "c"),
    ]


def test_the_accounts_own_limit_is_taken_from_its_headers(world: World, tmp_path: Path) -> None:
    with portal(world, "hubspot", tmp_path, factor=1.0, burst_per_ten_seconds=190) as tried:
        tried.connection = tried.connection.model_copy(update={"requests_per_second": None})
        findings = {finding.name: finding for finding in source_of("hubspot").probe(tried.connection)}
    assert findings["quota"].detail.startswith("190 requests")
    assert findings["token"].is_ok
    assert findings["date filter"].is_ok


def test_a_start_date_leaves_out_older_deeds_but_no_client(world: World, tmp_path: Path) -> None:
    start = sorted(deal.created_at for deal in world.deals)[len(world.deals) // 2].date()
    with portal(world, "hubspot", tmp_path / "all") as tried:
        tried.cycle(entities=["contacts"])
        clients = tried.present("contacts").keys()
    with portal(world, "hubspot", tmp_path / "late") as tried:
        tried.connection = tried.connection.model_copy(update={"start_date": start})
        tried.cycle(entities=["deals", "contacts"])
        moments = [row["properties"]["createdate"][:10] for row in tried.present("deals").values()]
        assert moments
        assert min(moments) >= start.isoformat()
        assert tried.present("contacts").keys() == clients
