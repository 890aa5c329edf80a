"""Bitrix24 portals that behave otherwise than the documentation's ordinary one: nothing is lost."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from extract.core.errors import AuthenticationError, MissingScopeError, SourceError, TransientError
from extract.core.http import HttpClient
from extract.sources import source_of
from extract.sources.bitrix24 import api, pacing, records
from extract.sources.bitrix24.dates import in_server_time
from extract.sources.bitrix24.errors import explain
from simulator.bitrix24 import dictionaries
from simulator.bitrix24.batch import Batch
from simulator.bitrix24.errors import BitrixError, out_of_time
from simulator.faults import Fault
from simulator.model import Change, World
from simulator.options import Dates
from simulator.world import make_world
from tests.extract.portals import Tried, portal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from extract.core.http import Reply, Request, Requester

KINDS = {
    "deals": "deal",
    "leads": "lead",
    "contacts": "contact",
    "companies": "company",
    "activities": "activity",
    "tasks": "task",
}
OWN_FIELDS = frozenset({"isRecurring", "statusDescription", "companyIds", "isMyCompany"})
MOST_REQUESTS = 2000  # of any stream here; a walk that turns in circles ends as an error
YEARS_AHEAD = 10 * 365 * 86400


@pytest.fixture(scope="module")
def still_world() -> World:
    """A world for tests that change nothing in it."""
    return make_world(seed=3, size=0.02)


@pytest.fixture(scope="module")
def larger_world() -> World:
    """One whose deals fill several pages of a batch."""
    return make_world(seed=3, size=0.06)


@pytest.fixture(autouse=True)
def _no_circles(monkeypatch: pytest.MonkeyPatch) -> None:
    send = HttpClient.send

    def counted(client: HttpClient, request: Request, requester: Requester) -> Reply:
        if requester.requests > MOST_REQUESTS:
            raise SourceError("the walk turns in circles.", request.label)
        return send(client, request, requester)

    monkeypatch.setattr(HttpClient, "send", counted)


def shown(tried: Tried, entity: str) -> set[str]:
    """The ids that the world has of an entity."""
    world, index = tried.running.world, tried.running.portal.index
    index.refresh()
    if entity in KINDS:
        return {str(row.key) for row in index.rows[KINDS[entity]]}
    if entity == "deal_stage_history":
        return {str(entry.key) for entry in index.history}
    if entity == "pipelines":
        return {f"2:{row['id']}" for row in dictionaries.categories(world)}
    if entity == "users":
        return {str(person.number) for person in world.employees if person.hired_at <= world.now}
    rows = dictionaries.statuses(world, world.now)
    return {f"{row['ENTITY_ID']}:{row['STATUS_ID']}" for row in rows}


def assert_all_is_read(tried: Tried, entities: list[str]) -> None:
    runs = tried.cycle(entities=entities)
    assert {entity: run.error for entity, run in runs.items() if run.error} == {}
    for entity in entities:
        wanted = shown(tried, entity)
        assert wanted
        assert tried.present(entity).keys() == wanted, entity


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


@pytest.mark.parametrize(
    ("options", "entity"),
    [
        ({"missing_scopes": frozenset({"department"})}, "departments"),
        ({"missing_scopes": frozenset({"user"})}, "users"),
        ({"missing_methods": frozenset({"crm.currency.list"})}, "currencies"),
        ({"missing_scopes": frozenset({"task"}), "scope_error": "INVALID_CREDENTIALS"}, "tasks"),
    ],
)
def test_what_a_portal_does_not_offer_is_named_and_the_cycle_is_complete(
    still_world: World, tmp_path: Path, options: dict[str, Any], entity: str
) -> None:
    with portal(still_world, "bitrix24", tmp_path, **options) as tried:
        runs = tried.cycle(entities=[entity, "pipelines"])
        assert [run.entity for run in runs.values() if run.error] == [entity]
        assert all(run.is_complete or not run.is_required for run in runs.values())
        findings = {finding.name: finding for finding in source_of("bitrix24").probe(tried.connection)}
        assert not findings[entity].is_ok
        assert not findings[entity].is_needed


def test_a_webhook_that_may_call_nothing_is_not_accepted(still_world: World, tmp_path: Path) -> None:
    clocks = {"profile", "server.time", "crm.settings.mode.get", "crm.category.list"}
    with (
        portal(still_world, "bitrix24", tmp_path, missing_methods=frozenset(clocks)) as tried,
        pytest.raises(AuthenticationError, match="may not even ask"),
    ):
        tried.cycle()


@pytest.mark.parametrize(("status", "kind"), [(401, AuthenticationError), (403, MissingScopeError)])
def test_credentials_refused_are_about_the_webhook_or_one_method(
    status: int, kind: type[SourceError]
) -> None:
    assert isinstance(explain(status, "INVALID_CREDENTIALS", "Invalid request credentials", ""), kind)


@pytest.mark.parametrize("status", [408, 425, 429])
def test_what_a_gateway_refuses_for_now_is_tried_again(status: int) -> None:
    assert isinstance(explain(status, "TOO_MANY_REQUESTS", "Slow down", ""), TransientError)


def test_the_probe_says_so_when_the_owner_is_unknown(still_world: World, tmp_path: Path) -> None:
    with portal(still_world, "bitrix24", tmp_path, missing_methods=frozenset({"profile"})) as tried:
        findings = {finding.name: finding for finding in source_of("bitrix24").probe(tried.connection)}
    assert findings["token"].is_ok
    assert "unknown" in findings["token"].detail
    assert "administrator" not in findings


@pytest.mark.parametrize("cause", ["missing_methods", "scope"])
def test_activities_are_complete_where_their_bindings_may_not_be_read(
    still_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cause: str
) -> None:
    method = "crm.activity.binding.list"
    options: dict[str, Any] = {"missing_methods": frozenset({method})} if cause == "missing_methods" else {}
    with portal(still_world, "bitrix24", tmp_path, **options) as tried:
        if not options:
            monkeypatch.setitem(tried.running.portal.methods.table, method, _refuse)
        runs = tried.cycle(entities=["activities", "activity_bindings"])
        assert runs["activities"].is_complete
        assert tried.present("activities").keys() == shown(tried, "activities")
        assert not runs["activity_bindings"].is_complete
        assert not runs["activity_bindings"].is_required
        assert method in (runs["activity_bindings"].error or "")


def _refuse(_parameters: dict[str, Any]) -> Any:
    raise BitrixError(403, "ACCESS_DENIED", "Access denied.")


def test_options_of_enumerations_come_from_the_classic_method_where_fields_have_none(
    still_world: World, tmp_path: Path
) -> None:
    with portal(still_world, "bitrix24", tmp_path / "new") as tried:
        tried.cycle(entities=["deal_fields"])
        told = tried.present("deal_fields").values()
    options_told = {field["upperName"]: field.get("items") for field in told}
    assert any(options_told.values())
    for options in ({}, {"has_original_names": False}):
        home = tmp_path / f"old{len(options)}"
        with portal(still_world, "bitrix24", home, has_options_in_fields=False, **options) as tried:
            tried.cycle(entities=["deal_fields"])
            found = tried.present("deal_fields").values()
        assert {field["upperName"]: field.get("items") for field in found} == options_told


def test_lost_rights_over_thousands_are_refused_by_a_sample(
    larger_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "SAMPLE", 49)
    with portal(larger_world, "bitrix24", tmp_path) as tried:
        tried.cycle(entities=["activities"])
    everybody = frozenset(employee.number for employee in larger_world.employees)
    with portal(larger_world, "bitrix24", tmp_path, hidden_owners=everybody) as tried:
        run = tried.cycle(entities=["activities"])["activities"]
        assert "lost permissions" in (run.error or "")
        assert run.requests < 10


def test_a_blocked_method_holds_up_no_other(
    still_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of two methods is blocked until the other is asked."""
    monkeypatch.setattr(pacing, "MOST_REFUSALS", 8)
    methods = {"tasks.task.list", "crm.item.list"}
    asked: set[str] = set()

    def blocked(method: str, serve: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
        def served(parameters: dict[str, Any]) -> Any:
            asked.add(method)
            if asked != methods:
                raise out_of_time()
            return serve(parameters)

        return served

    with portal(still_world, "bitrix24", tmp_path) as tried:
        table = tried.running.portal.methods.table
        for method in methods:
            monkeypatch.setitem(table, method, blocked(method, table[method]))
        assert_all_is_read(tried, ["tasks", "deals"])
