"""Leads, contacts, companies, activities and associations of HubSpot over real HTTP, dlt and Parquet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from extract.core.errors import UnreadableReplyError
from extract.sources import source_of
from extract.sources.hubspot import associations
from extract.sources.hubspot.associations import read_links
from extract.sources.hubspot.records import merged_ids
from extract.sources.hubspot.types import CONTACTS, DEALS, TYPES
from simulator.faults import Fault
from simulator.hubspot.activities import BODY
from simulator.identifiers import hubspot as ids
from simulator.model import Binding, Change
from simulator.world import make_world
from tests.extract.portals import Tried, portal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from simulator.model import Contact, Deal, Record, World

LEAD_ENTITIES = {"leads", "lead_property_history", "lead_associations", "lead_properties"}
NO_LEADS = frozenset({"crm.objects.leads.read", "crm.schemas.leads.read"})
Links = dict[str, list[str]]


@pytest.fixture
def world() -> World:
    return make_world(seed=3, size=0.01)


@pytest.fixture
def tried(world: World, tmp_path: Path) -> Iterator[Tried]:
    with portal(world, "hubspot", tmp_path) as running:
        yield running


def just_now(world: World) -> datetime:
    """Within the window of a cycle that begins in this very second."""
    return world.now - timedelta(seconds=1)


def change(world: World, record: Record, **values: Any) -> None:
    at = just_now(world)
    record.changes += [Change(at, name, value, record.created_by) for name, value in values.items()]
    world.version += 1


def fresh(world: World, records: list[Any]) -> list[Any]:
    """Records that exist and that no other was merged into, templates and the own company left out."""
    survivors = {c.value for record in records for c in record.changes if c.name == "merged_into"}
    shown = [r for r in records if not getattr(r, "is_template", False) and not getattr(r, "is_own", False)]
    return [record for record in shown if record.exists_at(world.now) and record.number not in survivors]


def contact_key(contact: Contact) -> str:
    return str(ids.contact_id(contact.number))


def shown_by(tried: Tried, name: str) -> dict[str, Any]:
    """What the account shows of a type, by id, with the moment of its last change."""
    index = tried.running.portal.routes.by_name[name].index
    index.refresh()
    return {str(row.key): row.modified_at.replace(tzinfo=None) for row in index.present}


def landed(tried: Tried, name: str) -> dict[str, Any]:
    newest = {row["id"]: row for row in tried.landed(name)}
    return {key: row["modified_at"] for key, row in newest.items() if not row["is_deleted"]}


def links_of(tried: Tried, entity: str, source: str, target: str) -> Links:
    rows = tried.present(entity).values()
    return {
        row["fromId"]: [link["toObjectId"] for link in row["to"]]
        for row in rows
        if (row["fromType"], row["toType"]) == (source, target)
    }


def assert_equals_the_account(tried: Tried) -> None:
    for type_ in TYPES:
        assert landed(tried, type_.name) == shown_by(tried, type_.name), type_.name
    known = tried.running.portal.routes.associations
    known.refresh()
    for stream in associations.ASSOCIATIONS:
        for source, target in stream.pairs:
            names = (source.name, target.name)
            shown = {str(key): [str(other) for other, _ in to] for key, to in known.pairs[names].items()}
            everyone = {key: list[str]() for key in shown_by(tried, source.name)}
            assert links_of(tried, stream.name, *names) == everyone | shown, names


def test_all_types_and_their_links_equal_the_account_through_days_of_changes(tried: Tried) -> None:
    runs = tried.cycle()
    assert {entity: run.error for entity, run in runs.items() if run.error} == {}
    assert_equals_the_account(tried)
    assert {run.rows for run in tried.cycle().values()} == {0}
    for _ in range(2):
        tried.running.advance(4)
        runs = tried.cycle()
        assert {entity: run.error for entity, run in runs.items() if run.error} == {}
        assert_equals_the_account(tried)


def test_a_lead_lands_with_the_history_of_its_stages(tried: Tried, world: World) -> None:
    tried.cycle(entities=["leads", "lead_property_history", "pipelines", "lead_properties", "teams"])
    lead = fresh(world, list(world.leads))[0]
    key = str(ids.lead_id(lead.number))
    events = [row["payload"] for row in tried.landed("lead_property_history")]
    stages = [
        event for event in events if (event["objectId"], event["property"]) == (key, "hs_pipeline_stage")
    ]
    moved = [change for change in lead.changes if change.name == "stage"]
    assert sorted((event["timestamp"], event["value"]) for event in stages) == sorted(
        (ids.instant_text(change.at), ids.lead_stage_id(change.value)) for change in moved
    )
    assert tried.present("pipelines")["leads:lead-pipeline-id"]["objectType"] == "leads"
    assert "hs_lead_name" in tried.present("lead_properties")
    assert {len(row["userIds"]) > 0 for row in tried.present("teams").values()} >= {True}


def test_the_names_that_an_account_gives_outcomes_of_calls_land(tried: Tried) -> None:
    tried.cycle(entities=["call_properties"])
    options = tried.present("call_properties")["hs_call_disposition"]["options"]
    assert {"f240bbac-87c9-4f6e-bf70-924b57d47db7": "Connected"}.items() <= {
        option["value"]: option["label"] for option in options
    }.items()


def test_no_text_that_somebody_wrote_is_read(tried: Tried) -> None:
    names = ["calls", "meetings", "emails", "tasks", "notes"]
    tried.cycle(entities=names)
    for name in names:
        rows = tried.present(name)
        assert rows
        assert BODY not in orjson.dumps(rows).decode()
        asked = {key for row in rows.values() for key in row["properties"]}
        assert not {key for key in asked if key.endswith(("_body", "_text", "_html", "_notes", "_preview"))}


def test_contacts_are_followed_by_their_own_cursor(tried: Tried, world: World) -> None:
    tried.cycle(entities=["contacts"])
    contact = fresh(world, list(world.contacts))[0]
    change(world, contact, first_name="Renamed")
    assert tried.cycle(entities=["contacts"])["contacts"].rows == 1
    assert tried.present("contacts")[contact_key(contact)]["properties"]["firstname"] == "Renamed"


def test_a_merged_contact_gives_way_to_its_survivor(tried: Tried, world: World) -> None:
    tried.cycle(entities=["contacts", "contact_associations"])
    survivor, gone, later = fresh(world, list(world.contacts))[:3]
    change(world, gone, merged_into=survivor.number, is_deleted=True)
    tried.cycle(entities=["contacts", "contact_associations"])
    first = str(ids.merged_id("contact", survivor.number, 1))
    assert {contact_key(survivor), contact_key(gone)} == set(merged_ids([tried.present("contacts")[first]]))
    change(world, later, merged_into=survivor.number, is_deleted=True)
    tried.cycle(entities=["contacts", "contact_associations"])
    assert landed(tried, "contacts") == shown_by(tried, "contacts")
    old = [contact_key(contact) for contact in (survivor, gone, later)]
    newest = {row["id"]: row for row in tried.landed("contacts")}
    assert all(newest[key]["is_deleted"] for key in (*old, first))
    assert links_of(tried, "contact_associations", "contacts", "companies").keys() == newest.keys() - {
        key for key, row in newest.items() if row["is_deleted"]
    }
    assert tried.cycle(entities=["contacts"])["contacts"].rows == 0


def test_a_merged_deal_gives_way_to_its_survivor(tried: Tried, world: World) -> None:
    tried.cycle(entities=["deals"])
    deals: list[Deal] = fresh(world, list(world.deals))
    change(world, deals[1], merged_into=deals[0].number, is_deleted=True)
    tried.cycle(entities=["deals"])
    assert landed(tried, "deals") == shown_by(tried, "deals")
    assert str(ids.merged_id("deal", deals[0].number, 1)) in tried.present("deals")


def test_merged_ids_are_read_in_both_ways_of_writing() -> None:
    pairs = {"hs_merged_object_ids": "1; 2", "hs_calculated_merged_vids": "2:1700000000000;3:1700000000001"}
    assert sorted(merged_ids([{"id": "3", "properties": pairs}])) == ["1", "2"]
    assert merged_ids([{"id": "3", "properties": {}}]) == []


def test_an_archived_contact_is_deleted_when_it_was_and_comes_back(tried: Tried, world: World) -> None:
    contact = fresh(world, list(world.contacts))[0]
    key = contact_key(contact)
    entities = ["contacts", "contact_associations"]
    tried.cycle(entities=entities)
    change(world, contact, is_deleted=True)
    tried.cycle(entities=entities)
    tombstone = next(row for row in tried.landed("contacts") if row["id"] == key and row["is_deleted"])
    assert tombstone["modified_at"] == just_now(world).replace(tzinfo=None)
    assert f"contacts:{key}:companies" not in tried.present("contact_associations")
    contact.changes.pop()  # restored as if nothing had happened: no search finds it
    world.version += 1
    tried.cycle(entities=entities)
    assert key in tried.present("contacts")
    assert f"contacts:{key}:companies" in tried.present("contact_associations")


def test_a_changed_association_is_found_though_it_bumps_nothing(tried: Tried, world: World) -> None:
    entities = ["deals", "deal_associations"]
    tried.cycle(entities=entities)
    deal = next(deal for deal in fresh(world, list(world.deals)) if deal.state_at(world.now)["contacts"])
    key = str(ids.deal_id(deal.number))
    linked = deal.state_at(world.now)["contacts"]
    other = next(c for c in fresh(world, list(world.contacts)) if c.number not in linked)
    change(world, deal, contacts=(other.number,))
    runs = tried.cycle(entities=entities)
    assert (runs["deals"].rows, runs["deal_associations"].rows) == (0, 1)
    assert links_of(tried, "deal_associations", "deals", "contacts")[key] == [contact_key(other)]
    change(world, deal, contacts=())
    tried.cycle(entities=entities)
    assert links_of(tried, "deal_associations", "deals", "contacts")[key] == []


def test_where_records_are_many_only_changed_ones_are_asked_until_a_sweep_is_due(
    tried: Tried, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(associations, "FEW", 5)
    monkeypatch.setattr(associations, "MAX_INPUTS", 7)
    entities = ["deals", "deal_associations"]
    tried.cycle(entities=entities)
    silent, told = fresh(world, list(world.deals))[:2]
    change(world, silent, contacts=(), company=None)
    change(world, told, contacts=(), company=None, title="Renamed")
    world.now += timedelta(hours=3)
    tried.cycle(entities=entities)
    found = links_of(tried, "deal_associations", "deals", "companies")
    known = tried.running.portal.routes.associations
    assert found[str(ids.deal_id(told.number))] == []
    monkeypatch.setattr(associations, "SWEEP_EVERY", timedelta(0))
    tried.cycle(entities=entities)
    known.refresh()
    pairs = known.pairs["deals", "companies"]
    swept = links_of(tried, "deal_associations", "deals", "companies")
    assert swept == {key: [str(other) for other, _ in pairs.get(int(key), [])] for key in swept}


def test_links_of_one_record_are_followed_over_pages_and_repeated_answers(
    world: World, tmp_path: Path
) -> None:
    call = next(a for a in world.activities if a.type.value == "call" and a.exists_at(world.now))
    people = fresh(world, list(world.contacts))[:5]
    change(world, call, bindings=tuple(Binding("contact", contact.number) for contact in people))
    with portal(world, "hubspot", tmp_path, associations_page=2) as tried:
        tried.running.faults.add(Fault.DUPLICATED_PAGE, path="associations", skip=1, count=2)
        runs = tried.cycle(entities=["calls", "activity_associations"])
        found = links_of(tried, "activity_associations", "calls", "contacts")
    assert runs["activity_associations"].error is None
    key = str(ids.activity_id(call.type, call.number))
    assert found[key] == [contact_key(contact) for contact in people]


def test_an_answer_that_leaves_ids_out_is_not_taken_for_no_associations() -> None:
    class Silent:
        def send(self, _request: Any) -> Any:
            return type("Answer", (), {"body": {"results": []}})

    with pytest.raises(UnreadableReplyError, match="unanswered"):
        read_links(Silent(), (DEALS, CONTACTS), ["5"])  # type: ignore[arg-type]


def test_an_account_without_leads_is_told_and_the_rest_goes_on(world: World, tmp_path: Path) -> None:
    with portal(world, "hubspot", tmp_path, missing_scopes=NO_LEADS) as tried:
        runs = tried.cycle()
        refused = {entity for entity, run in runs.items() if not run.is_complete}
        assert refused == LEAD_ENTITIES
        assert not any(runs[entity].is_required for entity in refused)
        assert "leads.read" in (runs["leads"].error or "")
        assert links_of(tried, "activity_associations", "calls", "deals")
        assert "deals:default" in tried.present("pipelines")
        findings = {finding.name: finding for finding in source_of("hubspot").probe(tried.connection)}
        assert {name for name, finding in findings.items() if not finding.is_ok} - {"clock"} == refused
        mappings = tried.connection.mappings.model_copy(update={"leads_from": "lifecyclestage"})
        tried.connection = tried.connection.model_copy(update={"mappings": mappings})
        assert all(run.is_complete for run in tried.cycle().values())
        findings = {finding.name: finding for finding in source_of("hubspot").probe(tried.connection)}
        assert {name for name, finding in findings.items() if not finding.is_ok} <= {"clock"}
        assert "contact_associations" in findings
        assert not LEAD_ENTITIES & findings.keys()


def test_pipelines_of_leads_stay_when_their_scope_is_lost(world: World, tmp_path: Path) -> None:
    with portal(world, "hubspot", tmp_path) as tried:
        tried.cycle(entities=["pipelines"])
    with portal(world, "hubspot", tmp_path, missing_scopes=NO_LEADS) as tried:
        assert tried.cycle(entities=["pipelines"])["pipelines"].is_complete
        assert "leads:lead-pipeline-id" in tried.present("pipelines")
