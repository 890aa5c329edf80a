"""The Bitrix24 dialect says what its fact sheet says."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
import requests

from simulator.identifiers import bitrix24 as ids
from simulator.options import Dates
from simulator.server import serve
from simulator.shown import moves, place
from simulator.world import make_world
from tests.simulator.callers import Caller, portal

if TYPE_CHECKING:
    from typing import Any

ITEMS = "crm.item.list?entityTypeId=2&select[]=id&order[id]=ASC&start=-1&filter[>id]="


def test_a_wrong_secret_is_refused(bitrix24: Caller) -> None:
    answer = requests.post(bitrix24.running.url.replace("simulated", "wrong") + "profile", timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (401, "NO_AUTH_FOUND")


def test_a_walk_by_key_returns_every_deal_that_is_not_deleted(bitrix24: Caller) -> None:
    world = bitrix24.running.world
    walked = [row["id"] for row in bitrix24.walk("crm.item.list", "id", select=["id"])]
    assert walked == [d.number for d in world.deals if not d.state_at(world.now)["is_deleted"]]


def test_without_counting_there_is_no_total_and_no_next_page(bitrix24: Caller) -> None:
    body = bitrix24.bitrix("crm.item.list", entityTypeId=2, start=-1).json()
    assert body["total"] == 0
    assert "next" not in body
    counted = bitrix24.bitrix("crm.item.list", entityTypeId=2).json()
    assert counted["total"] > counted["next"] == 50


def test_counting_costs_execution_time() -> None:
    with portal("bitrix24", count_seconds_per_row=1) as running:
        caller = Caller(running)
        caller.bitrix("crm.item.list", entityTypeId=2, start=-1)
        uncounted = running.counters.execution_seconds["crm.item.list"]
        caller.bitrix("crm.item.list", entityTypeId=2, start=0)
        assert running.counters.execution_seconds["crm.item.list"] > 100 * uncounted


def test_values_have_the_types_of_the_universal_methods(bitrix24: Caller) -> None:
    items = bitrix24.items()
    item = items[0]
    assert isinstance(item["id"], int)
    assert isinstance(item["opportunity"], (int, float))
    assert item["isRecurring"] in {"Y", "N"}
    assert {0} < {row["companyId"] for row in items}
    assert {None} < {row["leadId"] for row in items}
    assert [] in [row["contactIds"] for row in items]
    assert item["begindate"][11:19] == "00:00:00"
    assert datetime.fromisoformat(item["updatedTime"]).tzinfo is not None


def test_custom_fields_keep_their_names_only_when_asked_to(bitrix24: Caller) -> None:
    assert ids.field_name(1) in bitrix24.items()[0]
    assert ids.converted_field_name(1) in bitrix24.items(useOriginalUfNames="N")[0]
    fields = bitrix24.bitrix("crm.item.fields", entityTypeId=2, useOriginalUfNames="Y").json()["result"][
        "fields"
    ]
    region = fields[ids.field_name(1)]
    assert (region["isDynamic"], region["title"]) == (True, "Регион")
    assert {"ID": "241", "VALUE": "Север"} in region["items"]


def test_an_old_portal_ignores_the_wish_for_original_names() -> None:
    with portal("bitrix24", size=0.005, has_original_names=False) as running:
        assert ids.field_name(1) not in Caller(running).items()[0]


@pytest.mark.parametrize(
    "parameters",
    [{"filter": {">UPDATED": 1}}, {"order": {"UPDATED": "ASC"}}, {"filter": {">=updatedTime": "yesterday"}}],
)
def test_unknown_filters_and_orders_are_refused(bitrix24: Caller, parameters: dict[str, Any]) -> None:
    answer = bitrix24.bitrix("crm.item.list", entityTypeId=2, **parameters)
    assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_ARG_VALUE")


def test_other_entities_are_not_supported(bitrix24: Caller) -> None:
    answer = bitrix24.bitrix("crm.item.list", entityTypeId=5)
    assert answer.json()["error"] == "ENTITY_TYPE_NOT_SUPPORTED"


def test_filters_by_time_and_by_lists_select_what_they_say(bitrix24: Caller) -> None:
    since = "2026-06-01T00:00:00+03:00"
    rows = bitrix24.items(
        filter={">=updatedTime": since, "@categoryId": [5, 7]}, select=["id", "updatedTime", "categoryId"]
    )
    assert rows
    assert all(datetime.fromisoformat(r["updatedTime"]) >= datetime.fromisoformat(since) for r in rows)
    assert {row["categoryId"] for row in rows} <= {5, 7}
    assert bitrix24.items(filter={">=updatedTime": "2030-01-01T00:00:00+00:00"}) == []


def test_a_portal_may_ignore_dates_with_an_offset_but_not_plain_ones() -> None:
    with portal("bitrix24", size=0.005, dates_with_offset=Dates.IGNORED) as running:
        caller = Caller(running)
        assert caller.items(filter={">=updatedTime": "2030-01-01T00:00:00+00:00"})
        assert not caller.items(filter={">=updatedTime": "2030-01-01 00:00:00"})


def test_get_with_nested_parameters_is_understood(bitrix24: Caller) -> None:
    query = "crm.item.list.json?entityTypeId=2&filter[>id]=10&order[id]=ASC&select[]=id&start=-1"
    rows = requests.get(bitrix24.running.url + query, timeout=5).json()["result"]["items"]
    assert rows[0]["id"] > 10
    assert set(rows[0]) == {"id"}


def test_history_shows_only_the_present_pipeline_of_a_deal_and_no_lost_or_deleted_ones(
    bitrix24: Caller,
) -> None:
    world = bitrix24.running.world
    expected = []
    for deal in world.deals:
        state = deal.state_at(world.now)
        if not (state["is_deleted"] or deal.has_lost_history):
            here = [move for move in moves(deal) if move.value[0] == place(state)[0]]
            expected += [(deal.number, move.at) for move in here]
    rows = bitrix24.walk("crm.stagehistory.list", "ID")
    assert [row["ID"] for row in rows] == sorted(row["ID"] for row in rows)
    shown = [(row["OWNER_ID"], datetime.fromisoformat(row["CREATED_TIME"])) for row in rows]
    assert sorted(shown) == sorted(expected)
    assert {row["TYPE_ID"] for row in rows} == {1, 2, 3, 5}


def test_dictionaries_are_paged_by_fifty_and_hold_no_deleted_stage(bitrix24: Caller) -> None:
    first = bitrix24.bitrix("crm.status.list").json()
    second = bitrix24.bitrix("crm.status.list", start=first["next"]).json()
    rows = first["result"] + second["result"]
    assert len(first["result"]) == 50
    assert len(rows) == first["total"]
    assert ids.stage_id(1, 6) not in {row["STATUS_ID"] for row in rows}
    stages = bitrix24.bitrix("crm.status.list", filter={"ENTITY_ID": "DEAL_STAGE_5"}).json()["result"]
    assert {row["SEMANTICS"] for row in stages} == {None, "S", "F"}


def test_people_are_active_or_dismissed_by_a_real_boolean(bitrix24: Caller) -> None:
    everybody = bitrix24.bitrix("user.get").json()["result"]
    active = bitrix24.bitrix("user.get", FILTER={"ACTIVE": True}).json()["result"]
    assert {row["ACTIVE"] for row in everybody} == {True, False}
    assert {row["ACTIVE"] for row in active} == {True}
    assert {} in [row["TIMESTAMP_X"] for row in everybody]


def test_a_batch_refers_to_earlier_results_and_starts_anew_after_a_short_page(bitrix24: Caller) -> None:
    commands = {f"c{n}": ITEMS + (f"$result[c{n - 1}][items][49][id]" if n else "0") for n in range(6)}
    result = bitrix24.bitrix("batch", halt=1, cmd=commands).json()["result"]
    pages = [[row["id"] for row in page["items"]] for page in result["result"].values()]
    assert pages[1][0] > pages[0][-1]
    short = next(n for n, page in enumerate(pages) if len(page) < 50)
    assert pages[short + 1] == pages[0]
    assert result["result_error"] == []


def test_a_batch_is_a_success_even_if_its_commands_fail(bitrix24: Caller) -> None:
    answer = bitrix24.bitrix("batch", cmd={"a": "no.such.method", "b": "batch", "c": "profile"})
    result = answer.json()["result"]
    assert answer.status_code == 200
    assert result["result_error"]["a"]["error"] == "ERROR_METHOD_NOT_FOUND"
    assert result["result_error"]["b"]["error"] == "ERROR_BATCH_METHOD_NOT_ALLOWED"
    assert list(result["result"]) == ["c"]
    halted = bitrix24.bitrix("batch", halt=1, cmd={"a": "no.such.method", "c": "profile"}).json()["result"]
    assert halted["result"] == []


def test_commands_after_the_fiftieth_are_refused(bitrix24: Caller) -> None:
    result = bitrix24.bitrix("batch", cmd={f"c{n}": "server.time" for n in range(52)}).json()["result"]
    assert len(result["result"]) == 50
    assert result["result_error"]["c51"]["error"] == "ERROR_BATCH_LENGTH_EXCEEDED"


def test_a_batch_of_more_than_a_minute_ends_at_the_gateway() -> None:
    with portal("bitrix24", page_seconds=2, size=0.005) as running:
        answer = Caller(running).bitrix("batch", cmd={f"c{n}": ITEMS + "0" for n in range(40)})
        assert (answer.status_code, answer.headers["Content-Type"][:9]) == (504, "text/html")


def test_deals_of_hidden_owners_are_silently_absent() -> None:
    with portal("bitrix24", hidden_owners=frozenset({1, 2})) as running:
        caller = Caller(running)
        rows = caller.walk("crm.item.list", "id", select=["id", "assignedById"])
        history = {row["OWNER_ID"] for row in caller.walk("crm.stagehistory.list", "ID")}
        assert not {1, 2} & {row["assignedById"] for row in rows}
        assert history <= {row["id"] for row in rows}
        assert caller.bitrix("profile").json()["result"]["ADMIN"] is False


def test_a_missing_scope_is_named() -> None:
    with portal("bitrix24", size=0.005, missing_scopes=frozenset({"user"})) as running:
        caller = Caller(running)
        assert caller.bitrix("user.get").json()["error"] == "insufficient_scope"
        assert caller.bitrix("scope").json()["result"] == ["crm", "department", "task"]


def test_the_bucket_of_requests_overflows_into_a_503() -> None:
    with portal("bitrix24", size=0.005, quota_factor=0.1) as running:
        caller = Caller(running)
        answers = [caller.bitrix("server.time") for _ in range(8)]
        assert [a.status_code for a in answers] == [200] * 5 + [503] * 3
        assert answers[-1].json()["error"] == "QUERY_LIMIT_EXCEEDED"
        assert running.counters.errors == {"QUERY_LIMIT_EXCEEDED": 3}


def test_execution_time_blocks_one_method_alone_and_inside_batches() -> None:
    with portal("bitrix24", size=0.005, operating_seconds=0.2 / 1e6) as running:
        caller = Caller(running)
        codes = [caller.bitrix("crm.item.list", entityTypeId=2, start=-1).status_code for _ in range(4)]
        refused = caller.bitrix("batch", cmd={"a": ITEMS + "0", "b": "server.time"}).json()["result"]
        assert codes == [200, 200, 429, 429]
        assert refused["result_error"]["a"]["error"] == "OPERATION_TIME_LIMIT"
        assert list(refused["result"]) == ["b"]
        assert refused["result_time"]["b"]["operating_reset_at"] > running.portal.now().timestamp()


def test_after_some_days_what_changed_is_found_and_what_was_deleted_is_gone() -> None:
    with portal("bitrix24") as running:
        caller = Caller(running)
        before = {row["id"] for row in caller.walk("crm.item.list", "id", select=["id"])}
        started = caller.bitrix("server.time").json()["time"]["date_start"]
        history = caller.walk("crm.stagehistory.list", "ID")
        running.advance(5)
        changed = caller.items(filter={">=updatedTime": started}, select=["id", "updatedTime"])
        after = {row["id"] for row in caller.walk("crm.item.list", "id", select=["id"])}
        new = [row for row in caller.walk("crm.stagehistory.list", "ID") if row["ID"] > history[-1]["ID"]]
        assert changed
        assert before - after
        assert after - before
        assert all(row["CREATED_TIME"] > started for row in new)
        now = datetime.fromisoformat(caller.bitrix("server.time").json()["result"])
        assert all(datetime.fromisoformat(row["updatedTime"]) <= now for row in changed)


def test_padding_makes_records_of_the_asked_size() -> None:
    with serve(
        make_world(1, 0.005), "bitrix24", quota_factor=1e6, latency_seconds=0, payload_bytes=10_000
    ) as p:
        body = Caller(p).bitrix("crm.item.list", entityTypeId=2, useOriginalUfNames="Y", start=-1)
        assert 9_000 < len(body.content) / len(body.json()["result"]["items"]) < 11_000
