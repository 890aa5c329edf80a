"""Bitrix24 over real HTTP, dlt and Parquet."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from extract.core.errors import AuthenticationError, DealhouseError
from extract.core.http import READ_TIMEOUT, Request
from extract.core.lake import Lake
from extract.sources import source_of
from extract.sources.bitrix24 import records
from simulator.bitrix24.batch import Batch
from simulator.faults import Fault
from simulator.identifiers import bitrix24 as ids
from simulator.model import Change
from simulator.options import Dates
from tests.extract.portals import SECRET, files_holding, portal

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.model import World


def set_deleted(world: World, number: int, *, is_deleted: bool) -> None:
    deal = next(deal for deal in world.deals if deal.number == number)
    deal.changes.append(Change(world.now, "is_deleted", is_deleted, deal.created_by))
    world.version += 1


def test_a_full_load_equals_the_portal_and_a_quiet_cycle_lands_nothing(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        runs = tried.cycle()
        assert {entity: run.error for entity, run in runs.items() if run.error} == {}
        assert tried.present("deals") == tried.truth()
        assert len(tried.present("deal_stage_history")) == len(tried.running.portal.index.history)
        assert len(tried.present("pipelines")) == len(world.pipelines)
        assert {"entityTypeId", "name"} <= tried.present("pipelines")["2:0"].keys()
        assert "DEAL_STAGE:WON" in tried.present("statuses")
        assert {run.rows for run in tried.cycle().values()} == {0}
        loads = Lake(tmp_path).newest_loads()
        assert loads.keys() == {("bitrix24", run.entity) for run in runs.values()}
        rows = Lake(tmp_path).extraction_runs()
        assert len(rows) == 2 * len(runs)
        assert all(row["is_complete"] and row["is_full_cycle"] for row in rows)


def test_days_of_changes_end_in_the_portals_state(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle()
        for _ in range(2):
            world.advance(1)
            tried.cycle()
            assert tried.present("deals") == tried.truth()
        tombstones = [row for row in tried.landed("deals") if row["is_deleted"]]
        assert tombstones
        assert all(row["payload"] == {} for row in tombstones)
        requests = tried.running.counters.total_requests
        tried.cycle(from_scratch=True)
        assert tried.running.counters.total_requests > requests
        assert tried.present("deals") == tried.truth()


def test_a_restored_deal_comes_back(world: World, tmp_path: Path) -> None:
    number = next(deal.number for deal in world.deals if not deal.state_at(world.now)["is_deleted"])
    key = str(ids.deal_id(number))
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle(entities=["deals"])
        set_deleted(world, number, is_deleted=True)
        tried.cycle(entities=["deals"])
        assert key not in tried.present("deals")
        set_deleted(world, number, is_deleted=False)
        tried.cycle(entities=["deals"])
        assert key in tried.present("deals")


def test_history_that_shows_again_under_old_ids_is_read(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        shown = {entry.row.deal.number for entry in tried.running.portal.index.history}
        deal = next(deal for deal in world.deals if deal.number in shown)
        set_deleted(world, deal.number, is_deleted=True)
        tried.cycle()
        before = len(tried.present("deal_stage_history"))
        set_deleted(world, deal.number, is_deleted=False)
        tried.cycle()
        assert len(tried.present("deal_stage_history")) == len(tried.running.portal.index.history) > before


def test_a_storm_of_faults_loses_and_doubles_nothing(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        for number, fault in enumerate(Fault):
            if fault is not Fault.TIME_OUT:
                tried.running.faults.add(fault, skip=number, count=2)
        runs = tried.cycle()
        assert {entity: run.error for entity, run in runs.items() if run.error} == {}
        assert tried.running.faults.served
        assert tried.present("deals") == tried.truth()
        history = tried.landed("deal_stage_history")
        assert len(history) == len({row["id"] for row in history}) == len(tried.running.portal.index.history)


def test_a_time_out_is_tried_again(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Request.__init__.__defaults__ or ()
    hasty = tuple(0.5 if default == READ_TIMEOUT else default for default in kept)
    monkeypatch.setattr(Request.__init__, "__defaults__", hasty)
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.running.faults.add(Fault.TIME_OUT, path="crm.item.list", count=1)
        assert tried.cycle(entities=["deals"])["deals"].is_complete
        assert tried.present("deals") == tried.truth()


def test_a_missing_scope_is_named_and_stops_nobody_else(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path, missing_scopes=frozenset({"department"})) as tried:
        runs = tried.cycle()
        assert [run.entity for run in runs.values() if not run.is_complete] == ["departments"]
        assert "department" in (runs["departments"].error or "")
        row = next(row for row in Lake(tmp_path).extraction_runs() if row["entity"] == "departments")
        assert not row["is_complete"]
        assert row["error"]


@pytest.mark.parametrize("level", [logging.DEBUG])
def test_the_secret_stands_in_no_error_log_or_file(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture, level: int
) -> None:
    caplog.set_level(level)
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.running.faults.add(Fault.CUT_BODY, path="user.get", count=1)
        tried.cycle(entities=["users"])
        url = tried.connection.url.get_secret_value()
        tried.connection = tried.connection.model_copy(
            update={"url": SecretStr(url.replace(SECRET, "wrong-secret"))}
        )
        with pytest.raises(AuthenticationError, match="webhook is not accepted") as caught:
            tried.cycle()
    closed = tried.connection.model_copy(update={"url": SecretStr("http://127.0.0.1:9/rest/1/wrong-secret/")})
    tried.connection = closed
    with pytest.raises(DealhouseError, match="cannot be reached: it takes no connection") as unreachable:
        tried.cycle()
    for error in (caught.value, unreachable.value):
        chain: BaseException | None = error
        while chain:
            assert "secret" not in f"{chain!r} {chain}"
            chain = chain.__cause__ or chain.__context__
    assert SECRET not in caplog.text
    assert "wrong-secret" not in caplog.text
    assert files_holding(tmp_path, SECRET) == []
    assert files_holding(tmp_path, "wrong-secret") == []


def test_a_lost_permission_marks_nothing_as_deleted(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle()
        before = tried.present("deals")
    owners = frozenset(employee.number for employee in world.employees[::2])
    with portal(world, "bitrix24", tmp_path, hidden_owners=owners) as tried:
        run = tried.cycle(entities=["deals"])["deals"]
        assert not run.is_complete
        assert "lost permissions" in (run.error or "")
        assert tried.present("deals").keys() == before.keys()


def test_a_portal_that_ignores_dates_with_an_offset_is_asked_without(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path, dates_with_offset=Dates.IGNORED) as tried:
        tried.cycle()
        world.advance(1)
        requests = tried.running.counters.requests["crm.item.list"]
        tried.cycle(entities=["deals"])
        assert tried.present("deals") == tried.truth()
        assert tried.running.counters.requests["crm.item.list"] - requests < 10


def test_references_that_are_not_understood_fall_back_to_single_calls(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Batch, "_resolve", lambda _self, text: text)
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle(entities=["deals", "deal_stage_history"])
        assert tried.present("deals") == tried.truth()
        assert len(tried.present("deal_stage_history")) == len(tried.running.portal.index.history)


def test_a_full_method_waits_and_loses_nothing(world: World, tmp_path: Path) -> None:
    tight = {"operating_seconds": 0.4 / 50, "operating_window_seconds": 1.0}
    with portal(world, "bitrix24", tmp_path, factor=50, **tight) as tried:
        runs = tried.cycle(entities=["deals", "deal_stage_history"])
        assert all(run.is_complete for run in runs.values())
        assert tried.present("deals") == tried.truth()


def test_a_start_date_leaves_older_deals_out(world: World, tmp_path: Path) -> None:
    start = sorted(deal.created_at for deal in world.deals)[len(world.deals) // 2].date()
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.connection = tried.connection.model_copy(update={"start_date": start})
        tried.cycle(entities=["deals"])
        created = {deal["createdTime"][:10] for deal in tried.present("deals").values()}
        assert created
        assert min(created) >= start.isoformat()
        assert {run.rows for run in tried.cycle(entities=["deals"]).values()} == {0}


def test_a_probe_tells_owner_clock_rights_and_date_filter(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path, missing_scopes=frozenset({"user"})) as tried:
        findings = {finding.name: finding for finding in source_of("bitrix24").probe(tried.connection)}
    assert findings["token"].is_ok
    assert "administrator" in findings["administrator"].detail
    assert not findings["users"].is_ok
    assert findings["deals"].is_ok
    assert findings["date filter"].is_ok
    assert "this machine" in findings["clock"].detail


def test_a_large_portal_is_swept_once_a_day(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "SWEPT_ALWAYS", 10)
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle()
        tried.cycle()  # the first to sweep: the one before has seen every id itself
        victim = next(deal for deal in world.deals if str(deal.number) in tried.present("deals"))
        set_deleted(world, victim.number, is_deleted=True)
        tried.cycle()
        assert tried.present("deals").keys() - tried.truth().keys() == {str(victim.number)}
        world.advance(1)
        tried.cycle()
        assert tried.present("deals") == tried.truth()


def test_a_thorough_cycle_sweeps_a_large_portal_whenever_it_runs(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "SWEPT_ALWAYS", 10)
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle()
        tried.cycle()
        victim = next(deal for deal in world.deals if str(deal.number) in tried.present("deals"))
        set_deleted(world, victim.number, is_deleted=True)
        tried.cycle(is_thorough=True)
        assert tried.present("deals") == tried.truth()
