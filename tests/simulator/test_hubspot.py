"""The HubSpot dialect says what its fact sheet says."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
import requests

from simulator.identifiers import hubspot as ids
from tests.simulator.callers import Caller, portal

if TYPE_CHECKING:
    from typing import Any

DEALS = "/crm/objects/{V}/deals"
HISTORY = "dealstage,pipeline,amount,closedate,hubspot_owner_id,deal_currency_code"


def search(caller: Caller, *filters: dict[str, Any], **more: Any) -> requests.Response:
    groups = [{"filters": list(filters)}] if filters else []
    return caller.hubspot_post(DEALS + "/search", {"filterGroups": groups, "limit": 200} | more)


def condition(name: str, operator: str, value: Any) -> dict[str, Any]:
    return {"propertyName": name, "operator": operator, "value": str(value)}


def test_a_missing_token_is_refused(hubspot: Caller) -> None:
    answer = requests.get(hubspot.running.url + "/account-info/v3/details", timeout=5)
    assert (answer.status_code, answer.json()["category"]) == (401, "INVALID_AUTHENTICATION")


def test_the_list_ends_when_paging_is_absent(hubspot: Caller) -> None:
    world = hubspot.running.world
    rows = hubspot.deals(limit=100)
    present = [d for d in world.deals if not d.is_template and not d.state_at(world.now)["is_deleted"]]
    survivors = [deal.state_at(world.now).get("merged_into") for deal in world.deals]
    keys = [ids.merged_id("deal", deal.number, survivors.count(deal.number)) for deal in present]
    assert [row["id"] for row in rows] == [str(key) for key in keys]
    assert len(hubspot.hubspot(DEALS).json()["results"]) == 10


@pytest.mark.parametrize(
    "path", ["/crm/v3/objects/deals", "/crm/objects/{V}/0-3", "/crm/objects/2026-09/deals"]
)
def test_old_and_new_paths_answer_alike(hubspot: Caller, path: str) -> None:
    assert hubspot.hubspot(path).json()["results"] == hubspot.hubspot(DEALS).json()["results"]


def test_every_value_is_a_text_or_null_and_unknown_properties_are_ignored(hubspot: Caller) -> None:
    asked = "amount,hs_is_closed_won,hs_deal_stage_probability,company_field_7,no_such_property"
    rows = hubspot.deals(limit=100, properties=asked)
    values = [value for row in rows for value in row["properties"].values()]
    assert all(value is None or isinstance(value, str) for value in values)
    assert "no_such_property" not in rows[0]["properties"]
    assert {row["properties"]["hs_is_closed_won"] for row in rows} == {"true", "false"}


def test_a_cleared_value_is_an_empty_text_and_one_never_set_is_null(hubspot: Caller) -> None:
    rows = hubspot.deals(limit=100, properties="amount,company_field_3")
    assert {"", None} <= {row["properties"]["company_field_3"] for row in rows}


def test_history_is_newest_first_ends_with_the_present_value_and_repeats_itself(hubspot: Caller) -> None:
    rows = hubspot.deals(limit=50, properties="dealstage", propertiesWithHistory=HISTORY)
    repeats = 0
    for row in rows:
        versions = row["propertiesWithHistory"]["dealstage"]
        moments = [version["timestamp"][:19] for version in versions]
        assert moments == sorted(moments, reverse=True)
        assert versions[0]["value"] == row["properties"]["dealstage"]
        repeats += sum(a["value"] == b["value"] for a, b in itertools.pairwise(versions))
    assert repeats
    stamps = {
        version["timestamp"][-5:] == ".000Z"
        for row in rows
        for version in row["propertiesWithHistory"]["dealstage"]
    }
    assert stamps == {True, False}


def test_pages_with_history_are_of_fifty_at_most(hubspot: Caller) -> None:
    assert hubspot.hubspot(DEALS, limit=51, propertiesWithHistory="amount").status_code == 400
    assert hubspot.hubspot(DEALS, limit=101).status_code == 400
    inputs = [{"id": str(n)} for n in range(51)]
    body = {"inputs": inputs, "propertiesWithHistory": ["amount"]}
    assert hubspot.hubspot_post(DEALS + "/batch/read", body).status_code == 400


def test_too_long_an_address_is_answered_in_html(hubspot: Caller) -> None:
    answer = hubspot.hubspot(DEALS, properties="x" * 16_300)
    assert (answer.status_code, answer.headers["Content-Type"][:9]) == (414, "text/html")


def test_archived_deals_are_a_list_of_their_own_with_the_moment_of_deletion(hubspot: Caller) -> None:
    rows = hubspot.deals(limit=100, archived="true")
    assert rows
    assert all(row["archived"] and row["archivedAt"] for row in rows)
    assert not {row["id"] for row in rows} & {row["id"] for row in hubspot.deals(limit=100)}


def test_reading_unknown_ids_is_a_partial_success(hubspot: Caller) -> None:
    known = hubspot.hubspot(DEALS).json()["results"][0]["id"]
    body = {"inputs": [{"id": known}, {"id": "5"}], "properties": ["dealname"]}
    answer = hubspot.hubspot_post(DEALS + "/batch/read", body)
    assert (answer.status_code, answer.json()["numErrors"]) == (207, 1)
    assert [row["id"] for row in answer.json()["results"]] == [known]
    newer = hubspot.hubspot_post("/crm/objects/2026-09/deals/batch/read", body)
    assert (newer.status_code, newer.json()["errors"]) == (200, answer.json()["errors"])


def test_search_compares_ids_as_numbers_and_moments_in_milliseconds(hubspot: Caller) -> None:
    middle = hubspot.deals(limit=100)[40]
    body = search(hubspot, condition("hs_object_id", "GT", middle["id"])).json()
    assert all(int(row["id"]) > int(middle["id"]) for row in body["results"])
    since = ids.epoch_milliseconds(hubspot.running.world.now) - 30 * 86_400_000
    late = search(hubspot, condition("hs_lastmodifieddate", "GTE", since)).json()
    assert 0 < late["total"] < search(hubspot).json()["total"]


def test_search_knows_all_operators(hubspot: Caller) -> None:
    every = search(hubspot).json()["total"]
    has = search(hubspot, {"propertyName": "amount", "operator": "HAS_PROPERTY"}).json()["total"]
    lacks = search(hubspot, {"propertyName": "amount", "operator": "NOT_HAS_PROPERTY"}).json()["total"]
    won = search(hubspot, {"propertyName": "dealstage", "operator": "IN", "values": ["closedwon"]}).json()[
        "total"
    ]
    same = search(hubspot, condition("dealstage", "EQ", "closedwon")).json()["total"]
    other = search(hubspot, condition("dealstage", "NEQ", "closedwon")).json()["total"]
    between = {"propertyName": "amount", "operator": "BETWEEN", "value": "0", "highValue": "100"}
    assert every == has + lacks == same + other
    assert won == same > 0
    assert 0 < search(hubspot, between).json()["total"] < every
    assert search(hubspot, condition("amount", "LIKE", 1)).status_code == 400


def test_search_on_a_property_that_is_not_there_finds_nothing_and_says_nothing(hubspot: Caller) -> None:
    answer = search(hubspot, condition("lastmodifieddate", "GTE", 0))
    assert (answer.status_code, answer.json()["total"]) == (200, 0)


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"after": "10000"},
        {"sorts": ["hs_object_id"]},
        {"sorts": [{"propertyName": "a"}, {"propertyName": "b"}]},
        {"filterGroups": [{"filters": []}] * 6},
        {"filterGroups": [{"filters": [condition("amount", "GT", 1)] * 7}]},
        {"propertiesWithHistory": ["amount"]},
    ],
    ids=["page", "cap", "text sort", "two sorts", "groups", "filters", "history"],
)
def test_search_refuses_what_is_beyond_its_limits(hubspot: Caller, body: dict[str, Any]) -> None:
    assert hubspot.hubspot_post(DEALS + "/search", body).status_code == 400


def test_search_pages_by_offset_and_has_no_rate_headers(hubspot: Caller) -> None:
    first = search(hubspot, limit=50)
    second = search(hubspot, limit=50, after=first.json()["paging"]["next"]["after"])
    assert first.json()["paging"]["next"]["after"] == "50"
    assert first.json()["results"][-1]["id"] < second.json()["results"][0]["id"]
    assert not any("ratelimit" in name.lower() for name in first.headers)


def test_search_lags_behind_the_records() -> None:
    with portal("hubspot", search_lag_seconds=100_000_000) as running:
        caller = Caller(running)
        assert search(caller).json()["total"] == 0
        assert caller.deals()


def test_dismissed_people_are_archived_owners_without_a_user_id(hubspot: Caller) -> None:
    present = hubspot.hubspot("/crm/owners/{V}").json()["results"]
    left = hubspot.hubspot("/crm/owners/{V}", archived="true").json()["results"]
    assert all("userId" in owner for owner in present)
    assert left
    assert all("userId" not in owner and owner["userIdIncludingInactive"] for owner in left)


def test_stages_carry_texts_and_deleted_ones_are_gone(hubspot: Caller) -> None:
    pipelines = hubspot.hubspot("/crm/pipelines/{V}/deals").json()["results"]
    metadata = [stage["metadata"] for pipeline in pipelines for stage in pipeline["stages"]]
    assert {"isClosed": "true", "probability": "1.0"} in metadata
    stages = {stage["id"] for pipeline in pipelines for stage in pipeline["stages"]}
    used = {
        version["value"]
        for row in hubspot.deals(limit=50, propertiesWithHistory="dealstage")
        for version in row["propertiesWithHistory"]["dealstage"]
    }
    assert ids.stage_id(1, 6) in used - stages


def test_rates_are_dated_and_paged(hubspot: Caller) -> None:
    first = hubspot.hubspot("/settings/currencies/{V}/exchange-rates", limit=100).json()
    assert len(first["results"]) == 100
    assert first["paging"]["next"]["after"]
    current = hubspot.hubspot("/settings/currencies/{V}/exchange-rates/current").json()["results"]
    base = hubspot.hubspot("/settings/currencies/{V}/company-currency").json()["id"]
    assert {row["toCurrencyCode"] for row in current} == {base}
    assert len({row["fromCurrencyCode"] for row in current}) == len(current)


def test_property_definitions_describe_custom_ones(hubspot: Caller) -> None:
    rows = {row["name"]: row for row in hubspot.hubspot("/crm/properties/{V}/deals").json()["results"]}
    assert len(rows) >= 45
    assert rows["company_field_2"]["fieldType"] == "checkbox"
    assert rows["company_field_1"]["options"][0] == {
        "label": "Север", "value": "option_1", "displayOrder": 0, "hidden": False,
    }  # fmt: skip
    assert "hubspotDefined" not in rows["company_field_1"]


def test_a_missing_scope_is_named() -> None:
    with portal("hubspot", size=0.005, missing_scopes=frozenset({"crm.objects.owners.read"})) as running:
        answer = Caller(running).hubspot("/crm/owners/{V}")
        assert (answer.status_code, answer.json()["category"]) == (403, "MISSING_SCOPES")
        assert "crm.objects.owners.read" in answer.text


def test_bursts_searches_and_days_have_separate_limits() -> None:
    with portal("hubspot", size=0.005, quota_factor=1, burst_per_ten_seconds=3, daily_limit=9) as running:
        caller = Caller(running)
        bursts = [caller.hubspot("/account-info/v3/details") for _ in range(4)]
        assert bursts[0].headers["X-HubSpot-RateLimit-Remaining"] == "2"
        assert [b.status_code for b in bursts] == [200, 200, 200, 429]
        assert bursts[3].json()["policyName"] == "TEN_SECONDLY_ROLLING"
        searches = [search(caller) for _ in range(6)]
        assert [s.status_code for s in searches] == [200] * 5 + [429]
        assert searches[5].json()["policyName"] == "SECONDLY"
        assert running.quota_shares()["daily"] > 1


def test_the_daily_limit_ends_the_day() -> None:
    with portal("hubspot", size=0.005, quota_factor=1, daily_limit=2) as running:
        caller = Caller(running)
        answers = [caller.hubspot("/account-info/v3/details") for _ in range(3)]
        assert answers[2].json()["policyName"] == "DAILY"
        running.advance(1)
        assert caller.hubspot("/account-info/v3/details").status_code == 200


def test_after_some_days_restored_deals_are_back_under_their_ids() -> None:
    with portal("hubspot") as running:
        caller = Caller(running)
        archived = {row["id"] for row in caller.deals(limit=100, archived="true")}
        running.advance(6)
        present = {row["id"] for row in caller.deals(limit=100)}
        assert archived & present
        assert {row["id"] for row in caller.deals(limit=100, archived="true")} - archived
