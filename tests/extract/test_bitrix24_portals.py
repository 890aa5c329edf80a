"""Bitrix24 portals that behave otherwise than the documentation's ordinary one: nothing is lost."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from extract.core.errors import SourceError
from extract.core.http import HttpClient
from extract.sources.bitrix24 import api, pacing
from extract.sources.bitrix24.dates import in_server_time
from simulator.bitrix24.batch import Batch
from simulator.faults import Fault
from simulator.model import Change, World
from simulator.options import Dates
from tests.extract.bitrix24_rows import KINDS, assert_all_is_read, shown
from tests.extract.portals import portal

if TYPE_CHECKING:
    from pathlib import Path

    from extract.core.http import Reply, Request, Requester

OWN_FIELDS = frozenset({"isRecurring", "statusDescription", "companyIds", "isMyCompany"})
MOST_REQUESTS = 2000  # of any stream here; a walk that turns in circles ends as an error
YEARS_AHEAD = 10 * 365 * 86400


@pytest.fixture(autouse=True)
def _no_circles(monkeypatch: pytest.MonkeyPatch) -> None:
    send = HttpClient.send

    def counted(client: HttpClient, request: Request, requester: Requester) -> Reply:
        if requester.requests > MOST_REQUESTS:
            raise SourceError("the walk turns in circles.", request.label)
        return send(client, request, requester)

    monkeypatch.setattr(HttpClient, "send", counted)


def retitle(world: World, position: int = 0) -> str:
    """Change a deal now; its id."""
    deal = [deal for deal in world.deals if deal.exists_at(world.now)][position]
    deal.changes.append(Change(world.now, "title", "changed", deal.created_by))
    world.version += 1
    return str(deal.number)


@pytest.mark.parametrize(
    ("options", "entities"),
    [
        pytest.param({"missing_methods": {"profile"}}, ["deals"], id="no profile"),
        pytest.param(
            {"missing_methods": {"profile", "server.time"}}, ["pipelines"], id="no clock of its own"
        ),
        pytest.param(
            {"dates_with_offset": Dates.REFUSED},
            ["deals", "leads", "activities", "tasks"],
            id="dates with an offset refused",
        ),
        pytest.param(
            {"unlisted_fields": OWN_FIELDS},
            ["deals", "leads", "contacts", "companies"],
            id="no optional field",
        ),
        pytest.param(
            {"untimed": frozenset(range(1, 400))},
            [*KINDS, "deal_stage_history"],
            id="empty times of change",
        ),
        pytest.param({"gaps_in_pages": True}, ["deals", "contacts"], id="lists as maps"),
        pytest.param({"answers_batches": False}, ["deals"], id="batches without answers"),
        pytest.param({"missing_methods": {"batch"}}, ["deals", "activities"], id="no batches"),
        pytest.param({"lists_all_statuses": False}, ["statuses"], id="statuses by dictionary only"),
        pytest.param({"uncounted": 1}, ["users", "pipelines", "statuses"], id="totals of hidden rows"),
        pytest.param({"has_original_names": False}, ["deals", "companies"], id="names of fields converted"),
        pytest.param({"knows_custom_select": False}, ["deals", "leads"], id="UF_* refused"),
    ],
)
def test_everything_is_read_from_a_portal_with(
    still_world: World, tmp_path: Path, options: dict[str, Any], entities: list[str]
) -> None:
    with portal(still_world, "bitrix24", tmp_path, **options) as tried:
        assert_all_is_read(tried, entities)


@pytest.mark.parametrize("code", ["INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER", ""])
@pytest.mark.parametrize("position", [0, 2])
def test_an_error_inside_a_batch_costs_no_page(
    larger_world: World, tmp_path: Path, code: str, position: int
) -> None:
    with portal(larger_world, "bitrix24", tmp_path, command_error=code) as tried:
        before = 4  # single calls: three to try the date filter, one for the first page
        tried.running.faults.add(Fault.COMMAND_REFUSED, path="crm.item.list", skip=before + position)
        assert_all_is_read(tried, ["deals"])
        assert len(tried.running.faults.served) == 1


def test_after_a_refusal_batches_grow_again(larger_world: World, tmp_path: Path) -> None:
    with portal(larger_world, "bitrix24", tmp_path) as tried:
        tried.running.faults.add(Fault.COMMAND_REFUSED, path="crm.item.list", skip=4)
        assert_all_is_read(tried, ["deals"])
        assert tried.running.counters.requests["batch"] > 1
        assert tried.running.counters.requests["crm.item.list"] < len(shown(tried, "deals")) / 50 + 3


def test_references_refused_by_a_strict_portal_fall_back_to_single_calls(
    larger_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Batch, "_resolve", lambda _self, text: text.replace("$", "") if "$" in text else text)
    with portal(larger_world, "bitrix24", tmp_path, refuses_wordy_bounds=True) as tried:
        assert_all_is_read(tried, ["deals"])


def test_a_page_short_by_a_row_ends_no_walk(still_world: World, tmp_path: Path) -> None:
    with portal(still_world, "bitrix24", tmp_path, cut_pages=1) as tried:
        tried.cycle(entities=["deals"])
        assert len(shown(tried, "deals") - tried.present("deals").keys()) == 1
        assert_all_is_read(tried, ["deals"])


def test_a_page_of_changes_short_by_a_row_hides_no_others(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle(entities=["deals"])
        keys = {retitle(world, position) for position in range(60)}
        tried.running.portal.methods._pages_to_cut = 1
        tried.cycle(entities=["deals"])
        deals = tried.present("deals")
        assert len([key for key in keys if deals[key]["title"] != "changed"]) == 1


def test_an_empty_list_whose_date_filter_is_refused_is_complete(world: World, tmp_path: Path) -> None:
    world.leads.clear()
    with portal(world, "bitrix24", tmp_path, dates_with_offset=Dates.REFUSED) as tried:
        for _ in range(2):
            assert tried.cycle(entities=["leads"])["leads"].error is None


@pytest.mark.parametrize(
    ("timezone_of_portal", "options"),
    [
        pytest.param(
            "America/New_York", {"dates_with_offset": Dates.SHIFTED}, id="offset dropped in the west"
        ),
        pytest.param(
            "Asia/Vladivostok", {"dates_with_offset": Dates.SHIFTED}, id="offset dropped in the east"
        ),
        pytest.param("Europe/Berlin", {"host_ahead_seconds": YEARS_AHEAD}, id="two clocks"),
    ],
)
def test_a_change_is_read_by_the_clock_of_the_records(
    world: World, tmp_path: Path, timezone_of_portal: str, options: dict[str, Any]
) -> None:
    world.timezone = timezone_of_portal
    with portal(world, "bitrix24", tmp_path, **options) as tried:
        tried.cycle(entities=["deals"])
        key = retitle(world)
        tried.cycle(entities=["deals"])
        assert tried.present("deals")[key]["title"] == "changed"


def test_a_moment_before_the_clocks_went_forward_is_written_no_hour_late() -> None:
    moment = datetime.fromisoformat("2026-03-29T00:30:00+00:00")
    written = in_server_time(timezone(timedelta(hours=2)))(moment)
    read = datetime.fromisoformat(written).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    assert timedelta(0) <= moment - read <= timedelta(hours=1)


def test_nobody_sleeps_for_days_when_the_portal_is_ahead(
    still_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    def nap(_client: HttpClient, seconds: float) -> None:
        slept.append(seconds)
        time.sleep(min(seconds, 0.3))

    monkeypatch.setattr(HttpClient, "sleep", nap)
    monkeypatch.setattr(api, "LIMIT_SECONDS", 0.4 / 50 / 40)  # 40: what so fast a portal multiplies it by
    tight = {"operating_seconds": 0.4 / 50, "operating_window_seconds": 1.0}
    clocks = {"tells_finish": False, "host_ahead_seconds": YEARS_AHEAD}
    with portal(still_world, "bitrix24", tmp_path, factor=50, **tight, **clocks) as tried:
        assert_all_is_read(tried, ["deals", "deal_stage_history"])
    assert 60 < max(slept) <= pacing.WINDOW_SECONDS
