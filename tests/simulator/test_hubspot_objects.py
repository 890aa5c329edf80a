"""Leads, contacts, companies and activities in the HubSpot dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.hubspot.facts import Facts
from simulator.identifiers import hubspot as ids
from simulator.model import Binding, Change
from tests.simulator.callers import Caller, portal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.model import Contact, Record, World

NAMES = ("deals", "leads", "contacts", "companies", "calls", "meetings", "emails", "tasks", "notes")


@pytest.fixture
def small() -> Iterator[Caller]:
    """A portal of its own for tests that change the world."""
    with portal("hubspot", size=0.01) as running:
        yield Caller(running)


def listed(caller: Caller, name: str, **query: Any) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    after: str | None = None
    while True:
        page = caller.hubspot(f"/crm/objects/{{V}}/{name}", limit=50, **query, after=after).json()
        rows |= {row["id"]: row for row in page["results"]}
        if "paging" not in page:
            return rows
        after = page["paging"]["next"]["after"]


def change(caller: Caller, record: Record, **values: Any) -> None:
    world = caller.running.world
    record.changes += [Change(world.now, name, value, record.created_by) for name, value in values.items()]
    world.version += 1


def fresh_contacts(world: World) -> list[Contact]:
    """Contacts that exist and that no other was merged into."""
    survivors = {c.value for record in world.contacts for c in record.changes if c.name == "merged_into"}
    return [c for c in world.contacts if c.exists_at(world.now) and c.number not in survivors]


@pytest.mark.parametrize("name", NAMES)
def test_every_type_lists_its_present_records_by_growing_ids(hubspot: Caller, name: str) -> None:
    world = hubspot.running.world
    keys = [int(key) for key in listed(hubspot, name)]
    assert keys == sorted(keys)
    records: dict[str, list[Any]] = {
        "deals": [deal for deal in world.deals if not deal.is_template],
        "leads": list(world.leads),
        "contacts": list(world.contacts),
        "companies": [company for company in world.companies if not company.is_own],
    }
    acts = [activity for activity in world.activities if f"{activity.type.value}s" == name]
    present = [record for record in records.get(name, acts) if record.exists_at(world.now)]
    assert len(keys) == len(present) > 0


@pytest.mark.parametrize("name", NAMES)
def test_every_type_has_definitions_of_what_it_shows(hubspot: Caller, name: str) -> None:
    rows = hubspot.hubspot(f"/crm/properties/{{V}}/{name}").json()["results"]
    defined = {row["name"] for row in rows}
    assert len(rows) == len(defined)
    first = hubspot.hubspot(f"/crm/objects/{{V}}/{name}").json()["results"][0]
    assert first["properties"].keys() <= defined


def test_contacts_have_a_cursor_of_their_own(hubspot: Caller) -> None:
    def found(name: str, cursor: str) -> int:
        filters = [{"propertyName": cursor, "operator": "GTE", "value": "0"}]
        body = {"filterGroups": [{"filters": filters}]}
        answer = hubspot.hubspot_post(f"/crm/objects/{{V}}/{name}/search", body)
        assert answer.status_code == 200
        return int(answer.json()["total"])

    assert found("contacts", "hs_lastmodifieddate") == 0
    assert found("contacts", "lastmodifieddate") == len(listed(hubspot, "contacts"))
    assert found("companies", "lastmodifieddate") == 0
    assert found("companies", "hs_lastmodifieddate") == len(listed(hubspot, "companies"))


def test_a_leads_stages_are_those_of_its_pipeline(hubspot: Caller) -> None:
    pipeline = hubspot.hubspot("/crm/pipelines/{V}/leads").json()["results"][0]
    stages = {stage["id"] for stage in pipeline["stages"]}
    assert {"new-stage-id", "qualified-stage-id", "unqualified-stage-id"} <= stages
    rows = listed(hubspot, "leads", propertiesWithHistory="hs_pipeline_stage,hs_pipeline")
    versions = [
        version for row in rows.values() for version in row["propertiesWithHistory"]["hs_pipeline_stage"]
    ]
    assert {version["value"] for version in versions} <= stages
    assert {row["properties"]["hs_pipeline"] for row in rows.values()} == {pipeline["id"]}


def test_a_contacts_statuses_are_those_of_its_lead(hubspot: Caller) -> None:
    asked = "lifecyclestage,hs_lead_status"
    rows = listed(hubspot, "contacts", propertiesWithHistory=asked)
    world = hubspot.running.world
    lead = next(
        lead for lead in world.leads if lead.exists_at(world.now) and lead.state_at(world.now)["contacts"]
    )
    state = lead.state_at(world.now)
    number = state["contacts"][0]
    key = str(ids.merged_id("contact", number, Facts(world).merges("contact").count(number)))
    values = [version["value"] for version in rows[key]["propertiesWithHistory"]["hs_lead_status"]]
    assert ids.lead_status(state["stage"]) in values
    assert rows[key]["properties"]["hs_lead_status"] == values[0]
    assert {None} < {row["properties"]["lifecyclestage"] for row in rows.values()}


def test_a_deal_tells_its_source_its_campaign_and_why_it_was_lost(hubspot: Caller) -> None:
    asked = (
        "hs_analytics_source,utm_source,closed_lost_reason,competitor_name,dealtype,num_associated_contacts"
    )
    rows = [row["properties"] for row in listed(hubspot, "deals", properties=asked).values()]
    for name in asked.split(","):
        assert {row[name] for row in rows} - {None, ""}, name
    assert {row["dealtype"] for row in rows} == {"newbusiness", "existingbusiness"}
    assert {row["hs_analytics_source"] for row in rows} - {None, ""} <= set(ids.ANALYTICS_SOURCES.values())


def test_a_changed_link_bumps_nothing_and_any_other_change_does(small: Caller) -> None:
    world = small.running.world
    deal = next(d for d in world.deals if d.exists_at(world.now) and not d.is_template)
    key = next(
        k
        for k in listed(small, "deals")
        if int(k) in range(ids.deal_id(deal.number), ids.deal_id(deal.number) + 3)
    )
    before = listed(small, "deals")[key]["properties"]["hs_lastmodifieddate"]
    change(small, deal, contacts=(fresh_contacts(world)[0].number,), company=None)
    assert listed(small, "deals")[key]["properties"]["hs_lastmodifieddate"] == before
    change(small, deal, title="Renamed")
    assert listed(small, "deals")[key]["properties"]["hs_lastmodifieddate"] == ids.instant_text(world.now)


def test_a_survivor_has_a_new_id_and_answers_to_the_old_ones(small: Caller) -> None:
    world = small.running.world
    survivor, gone, third = fresh_contacts(world)[:3]
    change(small, gone, merged_into=survivor.number, is_deleted=True)
    change(small, third, merged_into=survivor.number, is_deleted=True)
    new = str(ids.merged_id("contact", survivor.number, 2))
    old = [
        ids.contact_id(survivor.number),
        ids.contact_id(gone.number),
        ids.merged_id("contact", survivor.number, 1),
    ]
    old.append(ids.contact_id(third.number))
    rows = listed(small, "contacts", properties="hs_merged_object_ids,hs_calculated_merged_vids")
    assert rows[new]["properties"]["hs_merged_object_ids"] == ";".join(map(str, old))
    vids = rows[new]["properties"]["hs_calculated_merged_vids"].split(";")
    assert [vid.split(":")[0] for vid in vids] == [str(key) for key in old]
    assert not rows.keys() & {str(key) for key in old}
    assert not listed(small, "contacts", archived="true").keys() & {str(key) for key in old}
    body = {"inputs": [{"id": str(key)} for key in old]}
    answer = small.hubspot_post("/crm/objects/{V}/contacts/batch/read", body)
    assert (answer.status_code, [row["id"] for row in answer.json()["results"]]) == (200, [new])


def test_a_merge_into_what_is_merged_away_later_leads_to_the_last_survivor(small: Caller) -> None:
    world = small.running.world
    first, second, third = fresh_contacts(world)[:3]
    change(small, first, merged_into=second.number, is_deleted=True)
    change(small, second, merged_into=third.number, is_deleted=True)
    body = {"inputs": [{"id": str(ids.contact_id(first.number))}]}
    answer = small.hubspot_post("/crm/objects/{V}/contacts/batch/read", body)
    assert [row["id"] for row in answer.json()["results"]] == [str(ids.merged_id("contact", third.number, 1))]


def test_archived_contacts_are_listed_apart_until_they_are_restored(small: Caller) -> None:
    contact = fresh_contacts(small.running.world)[0]
    key = str(ids.contact_id(contact.number))
    change(small, contact, is_deleted=True)
    assert key in listed(small, "contacts", archived="true")
    assert key not in listed(small, "contacts")
    change(small, contact, is_deleted=False)
    assert key in listed(small, "contacts")


def test_teams_hold_the_people_who_are_there(hubspot: Caller) -> None:
    rows = hubspot.hubspot("/settings/users/{V}/teams").json()["results"]
    owners = hubspot.hubspot("/crm/owners/{V}").json()["results"]
    assert {user for row in rows for user in row["userIds"]} == {str(owner["userId"]) for owner in owners}
    assert {team["id"] for owner in owners for team in owner["teams"]} <= {row["id"] for row in rows}
    assert hubspot.hubspot("/settings/users/2026-09/teams").status_code == 404


def test_an_account_without_leads_says_so_and_serves_the_rest() -> None:
    missing = frozenset({"crm.objects.leads.read", "crm.schemas.leads.read"})
    with portal("hubspot", size=0.01, missing_scopes=missing) as running:
        caller = Caller(running)
        paths = ("objects/{V}/leads", "properties/{V}/leads", "pipelines/{V}/leads")
        for path in paths:
            answer = caller.hubspot(f"/crm/{path}")
            assert (answer.status_code, answer.json()["category"]) == (403, "MISSING_SCOPES"), path
        body = {"inputs": [{"id": "1"}]}
        assert caller.hubspot_post("/crm/associations/{V}/calls/leads/batch/read", body).status_code == 403
        assert caller.hubspot_post("/crm/associations/{V}/calls/deals/batch/read", body).status_code == 207
        assert caller.hubspot("/crm/objects/{V}/contacts").status_code == 200


def links(caller: Caller, source: str, target: str, *inputs: dict[str, str]) -> Any:
    path = f"/crm/associations/{{V}}/{source}/{target}/batch/read"
    return caller.hubspot_post(path, {"inputs": list(inputs)})


def test_associations_are_read_for_many_and_missing_ones_come_as_errors(hubspot: Caller) -> None:
    asked = [{"id": key} for key in listed(hubspot, "deals")]
    answer = links(hubspot, "deals", "companies", *asked, {"id": "5"})
    body = answer.json()
    assert answer.status_code == 207
    assert len(body["results"]) + body["numErrors"] == len(asked) + 1
    assert body["errors"][-1]["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"
    assert body["errors"][-1]["context"] == {"fromObjectId": ["5"]}
    types = body["results"][0]["to"][0]["associationTypes"]
    assert [(type_["typeId"], type_["label"]) for type_ in types] == [(5, "Primary"), (341, None)]
    assert links(hubspot, "deals", "companies", *[{"id": "5"}] * 1001).status_code == 400


def test_associations_lead_both_ways(hubspot: Caller) -> None:
    leads = [{"id": key} for key in listed(hubspot, "leads")]
    there = links(hubspot, "leads", "deals", *leads).json()["results"]
    assert there
    for result in there:
        for link in result["to"]:
            back = links(hubspot, "deals", "leads", {"id": link["toObjectId"]}).json()["results"]
            assert result["from"]["id"] in {other["toObjectId"] for other in back[0]["to"]}


def test_links_lead_to_survivors_and_never_to_what_is_archived(hubspot: Caller) -> None:
    for source, target in (("deals", "contacts"), ("leads", "companies"), ("calls", "deals")):
        asked = [{"id": key} for key in listed(hubspot, source)]
        results = links(hubspot, source, target, *asked).json()["results"]
        assert {link["toObjectId"] for row in results for link in row["to"]} <= listed(hubspot, target).keys()


def test_many_links_of_one_record_come_in_pages() -> None:
    with portal("hubspot", size=0.01, associations_page=2) as running:
        caller, world = Caller(running), running.world
        call = next(a for a in world.activities if a.type.value == "call" and a.exists_at(world.now))
        numbers = [contact.number for contact in fresh_contacts(world)[:5]]
        change(caller, call, bindings=tuple(Binding("contact", number) for number in numbers))
        key, found, pages = str(ids.activity_id(call.type, call.number)), list[int](), 0
        after: str | None = ""
        while after is not None:
            asked = {"id": key} | ({"after": after} if after else {})
            result = links(caller, "calls", "contacts", asked).json()["results"][0]
            found += [int(link["toObjectId"]) for link in result["to"]]
            after, pages = result.get("paging", {}).get("next", {}).get("after"), pages + 1
        assert pages == 3
        assert found == [ids.contact_id(number) for number in numbers]


def test_associations_do_not_count_against_the_limit_of_ten_seconds() -> None:
    with portal("hubspot", size=0.005, quota_factor=1, burst_per_ten_seconds=2) as running:
        caller = Caller(running)
        assert {links(caller, "deals", "contacts", {"id": "5"}).status_code for _ in range(6)} == {207}
        assert running.quota_shares()["burst"] == 0
