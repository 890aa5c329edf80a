"""Leads, clients, activities and tasks in the Bitrix24 dialect."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from simulator.bitrix24.acts import bindings_of
from simulator.identifiers import bitrix24 as ids
from simulator.model import WON_STAGE, ActivityType, Record
from simulator.shown import moves
from tests.simulator.callers import Caller, portal

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAD, DEAL, CONTACT, COMPANY = 1, 2, 3, 4


def alive(caller: Caller, records: Sequence[Record]) -> dict[int, dict[str, Any]]:
    now = caller.running.world.now
    states = {record.number: record.state_at(now) for record in records}
    return {number: state for number, state in states.items() if not state["is_deleted"]}


def everything(caller: Caller, entity_type: int, **parameters: Any) -> list[dict[str, Any]]:
    wanted = {"entityTypeId": entity_type, "useOriginalUfNames": "Y"} | parameters
    return caller.walk("crm.item.list", "id", **wanted)


def classic(
    caller: Caller, method: str, key: str, rows_in: str = "", **parameters: Any
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    asked = key.upper()
    while True:
        filters = {f">{asked}": rows[-1][key] if rows else 0}
        body = {"order": {asked: "ASC"}, "filter": filters, "start": -1} | parameters
        result = caller.bitrix(method, **body).json()["result"]
        page = result[rows_in] if rows_in else result
        rows += page
        if len(page) < 50:
            return rows


def test_each_kind_of_item_is_listed_whole_under_its_own_number(bitrix24: Caller) -> None:
    world = bitrix24.running.world
    kinds: dict[int, Sequence[Record]] = {
        LEAD: world.leads,
        DEAL: world.deals,
        CONTACT: world.contacts,
        COMPANY: world.companies,
    }
    for entity_type, records in kinds.items():
        rows = everything(bitrix24, entity_type, select=["id"])
        assert [row["id"] for row in rows] == sorted(alive(bitrix24, records))
        assert all(set(row) == {"id"} for row in rows)


def test_telephone_numbers_come_with_all_fields_or_not_at_all(bitrix24: Caller) -> None:
    rows = everything(bitrix24, CONTACT, select=["*", "UF_*"])
    states = alive(bitrix24, bitrix24.running.world.contacts)
    for row in rows:
        state = states[row["id"]]
        wanted = [("PHONE", *phone) for phone in state["phones"]] + [
            ("EMAIL", *one) for one in state["emails"]
        ]
        assert [(one["typeId"], one["valueType"].lower(), one["value"]) for one in row["fm"]] == wanted
        assert row["companyIds"] == list(state["companies"])
        assert row["companyId"] == next(iter(state["companies"]), 0)
        assert row[ids.CITY_FIELD] == state["city"]
    assert [row["fm"] for row in rows if row["fm"] == []]
    assert all("fm" not in row for row in everything(bitrix24, CONTACT, select=["id", "fm"]))


def test_the_sellers_own_company_is_marked(bitrix24: Caller) -> None:
    own = {company.number for company in bitrix24.running.world.companies if company.is_own}
    rows = everything(bitrix24, COMPANY)
    assert {row["id"] for row in rows if row["isMyCompany"] == "Y"} == own != set()


def test_leads_have_statuses_of_their_own_dictionary(bitrix24: Caller) -> None:
    first = bitrix24.bitrix("crm.status.list", filter={"ENTITY_ID": "STATUS"}).json()["result"]
    semantics = {row["STATUS_ID"]: row["SEMANTICS"] for row in first}
    assert (semantics["NEW"], semantics["CONVERTED"], semantics["JUNK"]) == (None, "S", "F")
    for row in everything(bitrix24, LEAD):
        assert row["stageSemanticId"] == (semantics[row["stageId"]] or "P")
        assert (row["dateClosed"] is None) == (row["stageSemanticId"] == "P")
    sources = bitrix24.bitrix("crm.status.list", filter={"ENTITY_ID": "SOURCE"}).json()["result"]
    assert "1|WHATSAPP" in {row["STATUS_ID"] for row in sources}


def test_the_history_of_leads_names_statuses(bitrix24: Caller) -> None:
    rows = bitrix24.walk("crm.stagehistory.list", "ID", entityTypeId=LEAD)
    world = bitrix24.running.world
    there = alive(bitrix24, world.leads)
    expected = [
        (lead.number, move.at) for lead in world.leads if lead.number in there for move in moves(lead)
    ]
    shown = [(row["OWNER_ID"], datetime.fromisoformat(row["CREATED_TIME"])) for row in rows]
    assert sorted(shown) == sorted(expected)
    assert set(rows[0]) == {"ID", "TYPE_ID", "OWNER_ID", "CREATED_TIME", "STATUS_SEMANTIC_ID", "STATUS_ID"}
    assert {row["TYPE_ID"] for row in rows} == {1, 2, 3}
    answer = bitrix24.bitrix("crm.stagehistory.list", entityTypeId=CONTACT)
    assert answer.json()["error"] == "ENTITY_TYPE_NOT_SUPPORTED"


def test_deals_name_their_clients_lead_source_and_loss(bitrix24: Caller) -> None:
    states = alive(bitrix24, bitrix24.running.world.deals)
    fields = bitrix24.bitrix("crm.item.fields", entityTypeId=DEAL, useOriginalUfNames="Y").json()["result"]
    labels = {item["ID"]: item["VALUE"] for item in fields["fields"][ids.LOSS_REASON_FIELD]["items"]}
    rows = everything(bitrix24, DEAL)
    for row in rows:
        state = states[row["id"]]
        assert row["contactIds"] == list(state["contacts"])
        assert (row["companyId"] or None, row["leadId"]) == (state["company"], state["lead"])
        assert row["sourceId"] == (None if state["source"] is None else ids.origin_id(state["source"]))
        assert row["utmCampaign"] == state["utm_campaign"]
        assert labels.get(row[ids.LOSS_REASON_FIELD]) == state["loss_reason"]
        assert row[ids.COMPETITOR_FIELD] == state["competitor"]
    assert {row["isReturnCustomer"] for row in rows} == {"Y", "N"}


def test_a_repeat_deal_has_a_client_who_bought_before(bitrix24: Caller) -> None:
    world = bitrix24.running.world
    won: dict[int, datetime] = {}
    for deal in world.deals:
        for change in deal.changes:
            contacts = deal.state_at(change.at)["contacts"] if change.name == "stage" else ()
            if change.name == "stage" and change.value[1] == WON_STAGE and not deal.is_template:
                won |= {one: min(change.at, won.get(one, change.at)) for one in contacts}
    marks = {row["id"]: row["isReturnCustomer"] for row in everything(bitrix24, DEAL)}
    for deal in world.deals:
        first = [won[one] for one in deal.state_at(deal.created_at)["contacts"] if one in won]
        if deal.number in marks and any(at < deal.created_at for at in first):
            assert marks[deal.number] == "Y"


def test_words_in_names_of_custom_fields_are_converted_otherwise_than_numbers(bitrix24: Caller) -> None:
    row = everything(bitrix24, DEAL, useOriginalUfNames="N")[0]
    assert "ufCrmLossReason" in row
    asked = {"filter": {"!ufCrmLossReason": ""}, "start": -1}
    answer = bitrix24.bitrix("crm.item.list", entityTypeId=DEAL, useOriginalUfNames="N", **asked)
    rows = answer.json()["result"]["items"]
    assert rows
    assert all(row["ufCrmLossReason"] for row in rows)


def test_activities_are_texts_and_notes_are_none_of_them(bitrix24: Caller) -> None:
    world = bitrix24.running.world
    there = alive(bitrix24, world.activities)
    expected = {
        ids.activity_id(a.number): a for a in world.activities if a.number in there and ids.has_activity(a)
    }
    rows = classic(bitrix24, "crm.activity.list", "ID")
    assert [int(row["ID"]) for row in rows] == sorted(expected)
    assert all(isinstance(value, (str, list, type(None))) for row in rows for value in row.values())
    for row in rows:
        activity = expected[int(row["ID"])]
        state = there[activity.number]
        assert activity.type is not ActivityType.NOTE
        assert (row["TYPE_ID"] == "6") == ids.is_todo(activity)
        assert row["COMPLETED"] == ("Y" if state["is_completed"] else "N")
        if activity.type in {ActivityType.CALL, ActivityType.MEETING}:
            assert row["DEADLINE"] == row["START_TIME"]
        elif row["END_TIME"] == "":
            assert row["DEADLINE"] == "9999-12-31T00:00:00+00:00"
    assert {row["TYPE_ID"] for row in rows} == {"1", "2", "3", "4", "6"}


def test_a_task_with_a_card_is_an_activity_too(bitrix24: Caller) -> None:
    everything_selected = ["ID", "TITLE", "STATUS", "CLOSED_DATE", "UF_CRM_TASK"]
    tasks = classic(bitrix24, "tasks.task.list", "id", "tasks", select=everything_selected)
    by_id = {task["id"]: task for task in tasks}
    cards = [
        row for row in classic(bitrix24, "crm.activity.list", "ID") if row["PROVIDER_ID"] == "CRM_TASKS_TASK"
    ]
    assert {card["ASSOCIATED_ENTITY_ID"] for card in cards} < by_id.keys()
    for card in cards:
        task = by_id[card["ASSOCIATED_ENTITY_ID"]]
        assert (card["COMPLETED"] == "Y") == (task["status"] == "5")
        letter = {"1": "L", "2": "D", "3": "C", "4": "CO"}.get(card["OWNER_TYPE_ID"])
        assert letter is None or task["ufCrmTask"][0] == f"{letter}_{card['OWNER_ID']}"
    assert "ufCrmTask" not in bitrix24.bitrix("tasks.task.list").json()["result"]["tasks"][0]


def test_bindings_are_told_one_activity_at_a_time(bitrix24: Caller) -> None:
    world = bitrix24.running.world
    there = alive(bitrix24, world.activities)
    activity = next(
        one
        for one in world.activities
        if one.number in there and ids.has_activity(one) and len(bindings_of(there[one.number])) > 1
    )
    parameters = {"activityId": ids.activity_id(activity.number)}
    rows = bitrix24.bitrix("crm.activity.binding.list", **parameters).json()["result"]
    kinds = {"lead": 1, "deal": 2, "contact": 3, "company": 4}
    assert [(row["entityTypeId"], row["entityId"]) for row in rows] == [
        (kinds[one.type], one.number) for one in bindings_of(there[activity.number])
    ]
    assert bitrix24.bitrix("crm.activity.binding.list", activityId=1).json()["error"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("crm.activity.list", {"filter": {">UPDATED": 1}}),
        ("crm.activity.list", {"order": {"id": "ASC"}}),
        ("tasks.task.list", {"filter": {">id": 1}}),
        ("tasks.task.list", {"order": {"changedDate": "ASC"}}),
    ],
)
def test_names_of_another_spelling_are_refused(
    bitrix24: Caller, method: str, parameters: dict[str, Any]
) -> None:
    assert bitrix24.bitrix(method, **parameters).json()["error"] == "INVALID_ARG_VALUE"


def test_changed_activities_and_tasks_are_found_by_their_time() -> None:
    with portal("bitrix24", size=0.02) as running:
        caller = Caller(running)
        started = caller.bitrix("server.time").json()["time"]["date_start"]
        asked = {"filter": {">=LAST_UPDATED": started}, "start": -1, "order": {"ID": "ASC"}}
        assert caller.bitrix("crm.activity.list", **asked).json()["result"] == []
        running.advance(3)
        rows = caller.bitrix("crm.activity.list", **asked).json()["result"]
        assert rows
        assert all(row["LAST_UPDATED"] >= started for row in rows)
        tasks = caller.bitrix("tasks.task.list", filter={">=CHANGED_DATE": started}, start=-1).json()
        assert tasks["result"]["tasks"]


def test_the_scope_of_tasks_can_be_missing() -> None:
    with portal("bitrix24", size=0.005, missing_scopes=frozenset({"task"})) as running:
        answer = Caller(running).bitrix("tasks.task.list")
        assert (answer.status_code, answer.json()["error"]) == (403, "insufficient_scope")


def test_a_portal_in_simple_mode_has_no_leads() -> None:
    with portal("bitrix24", size=0.005, is_simple_mode=True) as running:
        caller = Caller(running)
        assert caller.bitrix("crm.settings.mode.get").json()["result"] == 2
        for method in ("crm.item.list", "crm.stagehistory.list", "crm.item.fields"):
            assert caller.bitrix(method, entityTypeId=LEAD).json()["error"] == "ENTITY_TYPE_NOT_SUPPORTED"
    with portal("bitrix24", size=0.005) as running:
        assert Caller(running).bitrix("crm.settings.mode.get").json()["result"] == 1


def test_records_of_hidden_owners_are_silently_absent_everywhere() -> None:
    hidden = frozenset({1, 2, 3})
    with portal("bitrix24", hidden_owners=hidden) as running:
        caller = Caller(running)
        for entity_type in (LEAD, CONTACT, COMPANY):
            owners = {row["assignedById"] for row in everything(caller, entity_type)}
            assert owners
            assert not hidden & owners
        about = classic(caller, "crm.activity.list", "ID", select=["ID"])
        deals = {row["id"]: row["assignedById"] for row in everything(caller, DEAL)}
        deleted = {deal.number for deal in running.world.deals if not deal.exists_at(running.world.now)}
        for row in about[:100]:
            bindings = caller.bitrix("crm.activity.binding.list", activityId=row["ID"]).json()["result"]
            bound = {one["entityId"] for one in bindings if one["entityTypeId"] == DEAL}
            assert bound <= deals.keys() | deleted
        acting = {int(row["RESPONSIBLE_ID"]) for row in classic(caller, "crm.activity.list", "ID")}
        assert acting
        assert not hidden & acting
