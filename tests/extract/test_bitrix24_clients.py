"""Leads, clients, activities and tasks of Bitrix24 over real HTTP, dlt and Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from extract.core import streams
from extract.core.errors import SourceError
from extract.core.http import HttpClient
from extract.sources import source_of
from extract.sources.bitrix24 import activities
from extract.sources.bitrix24.activities import ACTIVITY_FIELDS
from simulator.bitrix24.acts import binding_row, bindings_of
from simulator.bitrix24.batch import Batch
from simulator.bitrix24.errors import BitrixError
from simulator.faults import Fault
from simulator.identifiers import bitrix24 as ids
from simulator.model import Activity, Binding, Change, Record, World
from tests.extract.bitrix24_rows import kept
from tests.extract.portals import Tried, portal

if TYPE_CHECKING:
    from pathlib import Path

    from extract.core.http import Reply, Request, Requester

ITEMS = {"deals": "deal", "leads": "lead", "contacts": "contact", "companies": "company"}


def shown(tried: Tried, kind: str) -> dict[str, Any]:
    """What the portal shows of a kind, by id."""
    index = tried.running.portal.index
    index.refresh()
    return {str(row.key): kept(row.whole()) for row in index.rows[kind]}


def bindings_shown(tried: Tried) -> dict[str, list[dict[str, int]]]:
    """The bindings of each activity, in the order in which they land."""
    index = tried.running.portal.index
    index.refresh()
    found = {}
    for row in index.rows["activity"]:
        pairs = [binding_row(binding) for binding in bindings_of(row.state)]
        found[str(row.key)] = sorted(pairs, key=lambda pair: (pair["entityTypeId"], pair["entityId"]))
    return found


def assert_equal_to_the_portal(tried: Tried) -> None:
    for entity, kind in ITEMS.items():
        assert tried.present(entity) == shown(tried, kind), entity
    rows = shown(tried, "activity")
    wanted = {key: {name: row[name] for name in ACTIVITY_FIELDS} for key, row in rows.items()}
    assert tried.present("activities") == wanted
    assert tried.present("tasks") == shown(tried, "task")
    sets = tried.present("activity_bindings")
    assert {key: one["bindings"] for key, one in sets.items()} == bindings_shown(tried)
    assert all(one["activityId"] == key for key, one in sets.items())


def change(world: World, record: Record, name: str, value: Any) -> None:
    record.changes.append(Change(world.now, name, value, record.created_by))
    world.version += 1


def listed_activity(world: World) -> Activity:
    """An activity of a deal that exists."""
    deals = {deal.number for deal in world.deals if deal.exists_at(world.now)}
    return next(
        one
        for one in world.activities
        if one.exists_at(world.now)
        and ids.has_activity(one)
        and any(b.type == "deal" and b.number in deals for b in bindings_of(one.state_at(world.now)))
    )


def test_a_full_load_equals_the_portal(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        runs = tried.cycle()
        assert {entity: run.error for entity, run in runs.items() if run.error} == {}
        assert_equal_to_the_portal(tried)
        assert len(tried.present("lead_stage_history")) == len(tried.running.portal.index.histories[1])
        assert {"STATUS_ID", "OWNER_ID"} <= next(iter(tried.present("lead_stage_history").values())).keys()
        assert tried.present("contact_fields")[ids.CITY_FIELD]["isDynamic"]
        assert {"lead_fields", "company_fields"} <= runs.keys()
        assert "STATUS:CONVERTED" in tried.present("statuses")


def test_days_of_changes_and_deletes_end_in_the_portals_state(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle()
        world.advance(2)
        victims = [
            next(record for record in records if record.exists_at(world.now))
            for records in (world.leads, world.contacts, world.companies)
        ]
        activity = listed_activity(world)
        task = next(one for one in world.activities if ids.has_task(one) and one.exists_at(world.now))
        for record in (*victims, activity, task):
            change(world, record, "is_deleted", value=True)
        tried.cycle()
        assert_equal_to_the_portal(tried)
        for entity in ("leads", "contacts", "companies", "activities", "activity_bindings", "tasks"):
            assert any(row["is_deleted"] for row in tried.landed(entity)), entity
        for record in (*victims, activity, task):
            change(world, record, "is_deleted", value=False)
        assert not {run.error for run in tried.cycle().values()} - {None}
        assert_equal_to_the_portal(tried)
        history = {str(entry.key) for entry in tried.running.portal.index.histories[1]}
        assert history <= tried.present("lead_stage_history").keys()


def test_changed_bindings_land_and_unchanged_ones_are_not_asked_for(world: World, tmp_path: Path) -> None:
    entities = ["activities", "activity_bindings"]
    activity = listed_activity(world)
    key = str(ids.activity_id(activity.number))
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle(entities=entities)
        assert tried.present("activity_bindings")[key]["bindings"]
        counted = tried.running.counters.execution_seconds
        spent = counted["crm.activity.binding.list"]
        contact = next(one for one in world.contacts if one.exists_at(world.now))
        world.advance(0)
        change(world, activity, "bindings", (Binding("contact", contact.number),))
        tried.cycle(entities=entities)
        found = tried.present("activity_bindings")[key]["bindings"]
        assert found == [{"entityTypeId": 3, "entityId": ids.contact_id(contact.number)}]
        again = counted["crm.activity.binding.list"] - spent
        assert 0 < again < spent / 3
        change(world, activity, "bindings", ())
        tried.cycle(entities=entities)
        assert tried.present("activity_bindings")[key] == {"activityId": key, "bindings": []}


def test_a_missing_scope_of_tasks_is_named_and_stops_nobody_else(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path, missing_scopes=frozenset({"task"})) as tried:
        runs = tried.cycle()
        assert [run.entity for run in runs.values() if not run.is_complete] == ["tasks"]
        assert [run.entity for run in runs.values() if not run.is_required] == ["tasks"]
        assert "task" in (runs["tasks"].error or "")
        findings = {finding.name: finding for finding in source_of("bitrix24").probe(tried.connection)}
        assert [name for name, finding in findings.items() if not finding.is_ok] == ["clock", "tasks"]
        assert findings["activity_bindings"].is_ok


@pytest.mark.parametrize("is_simple_mode", [True, False])
def test_leads_that_cannot_be_read_are_no_error_in_simple_mode_only(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_simple_mode: bool
) -> None:
    about_leads = {"leads", "lead_stage_history", "lead_fields"}
    with portal(world, "bitrix24", tmp_path, is_simple_mode=True) as tried:
        if not is_simple_mode:
            table = tried.running.portal.methods.table
            monkeypatch.setitem(table, "crm.settings.mode.get", table["server.time"])
        runs = tried.cycle()
        failed = {run.entity for run in runs.values() if not run.is_complete}
        assert failed == (set() if is_simple_mode else about_leads)
        assert tried.present("leads") == {}
        findings = {finding.name: finding for finding in source_of("bitrix24").probe(tried.connection)}
        assert findings["leads"].is_ok is is_simple_mode


def test_a_storm_of_faults_loses_and_doubles_nothing(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        for number, fault in enumerate(Fault):
            if fault is not Fault.TIME_OUT:
                tried.running.faults.add(fault, skip=3 * number, count=3)
        tried.running.faults.add(Fault.COMMAND_REFUSED, path="crm.activity.binding.list", count=7)
        runs = tried.cycle()
        assert {entity: run.error for entity, run in runs.items() if run.error} == {}
        assert tried.running.faults.served
        assert_equal_to_the_portal(tried)


def test_bindings_are_asked_one_by_one_where_batches_are_refused(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_batch: Batch, _parameters: dict[str, Any]) -> dict[str, Any]:
        raise BitrixError(405, "ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage")

    monkeypatch.setattr(Batch, "run", refuse)
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle(entities=["activities"])
        assert tried.running.counters.requests["crm.activity.binding.list"] > 100
        found = {key: one["bindings"] for key, one in tried.present("activity_bindings").items()}
        assert found == bindings_shown(tried)


def test_an_interrupted_walk_resumes_with_no_activity_without_its_bindings(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step is a commit here; the portal breaks down while bindings are read."""
    monkeypatch.setattr(streams, "CHUNK_ROWS", 1)
    monkeypatch.setattr(activities, "WALKED_AT_ONCE", 50)
    send = HttpClient.send
    asked: list[str] = []

    def breaking(client: HttpClient, request: Request, requester: Requester) -> Reply:
        if "binding" in request.label:
            asked.append(request.label)
            if len(asked) > 3:
                raise SourceError("the portal is gone.", request.label)
        return send(client, request, requester)

    with portal(world, "bitrix24", tmp_path) as tried:
        monkeypatch.setattr(HttpClient, "send", breaking)
        runs = tried.cycle(entities=["activities"])
        assert not runs["activities"].is_complete
        kept = tried.present("activities").keys()
        assert 0 < len(kept) < len(shown(tried, "activity"))
        assert kept == tried.present("activity_bindings").keys()
        monkeypatch.setattr(HttpClient, "send", send)
        spent = tried.running.counters.execution_seconds["crm.activity.binding.list"]
        assert tried.cycle(entities=["activities"])["activities"].is_complete
        sets = tried.present("activity_bindings")
        assert {key: one["bindings"] for key, one in sets.items()} == bindings_shown(tried)
        assert tried.present("activities").keys() == sets.keys()
        landed = tried.landed("activities")
        assert len(landed) == len({row["id"] for row in landed})
        again = tried.running.counters.execution_seconds["crm.activity.binding.list"] - spent
        assert again < (len(sets) - len(kept) + 20) * 0.011


def test_a_start_date_leaves_out_older_deeds_but_no_client(world: World, tmp_path: Path) -> None:
    start = sorted(lead.created_at for lead in world.leads)[len(world.leads) // 2].date()
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.connection = tried.connection.model_copy(update={"start_date": start})
        tried.cycle()
        created = {"leads": "createdTime", "activities": "CREATED", "tasks": "createdDate"}
        for entity, name in created.items():
            moments = [row[name][:10] for row in tried.present(entity).values()]
            assert moments
            assert min(moments) >= start.isoformat()
        assert tried.present("contacts").keys() == shown(tried, "contact").keys()
        assert {run.rows for run in tried.cycle().values()} == {0}


def test_four_kinds_of_items_keep_to_the_one_limit_of_their_method(world: World, tmp_path: Path) -> None:
    tight = {"operating_seconds": 1.0 / 50, "operating_window_seconds": 1.0}
    with portal(world, "bitrix24", tmp_path, factor=50, **tight) as tried:
        runs = tried.cycle(entities=list(ITEMS))
        assert all(run.is_complete for run in runs.values())
        for entity, kind in ITEMS.items():
            assert tried.present(entity) == shown(tried, kind)
