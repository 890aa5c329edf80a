"""Leads, contacts, companies and activities keep their own rules, in the past and day after day."""

from __future__ import annotations

import copy
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.lead_writer import CONVERTED, JUNK
from simulator.links import named_by
from simulator.model import ActivityType, Employee, Record, World
from simulator.world import make_world

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

SEEDS = st.integers(min_value=0, max_value=10_000)
DAYS = st.integers(min_value=0, max_value=6)
NEW_KINDS = ("leads", "contacts", "companies", "activities")
PLURALS = {"deal": "deals", "lead": "leads", "contact": "contacts", "company": "companies"}


def records(world: World, kind: str) -> Sequence[Record]:
    found: Sequence[Record] = getattr(world, kind)
    return found


@pytest.fixture(scope="module")
def before() -> World:
    return make_world(1, 0.05)


@pytest.fixture(scope="module")
def after(before: World) -> World:
    world = copy.deepcopy(before)
    world.advance(10)
    return world


def latest(world: World, kind: str) -> list[dict[str, Any]]:
    return [record.state_at(world.now) for record in records(world, kind)]


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS, days=DAYS)
def test_changes_are_in_order_from_birth_to_now(seed: int, days: int) -> None:
    world = make_world(seed, 0.02)
    world.advance(days)
    for kind in NEW_KINDS:
        found = records(world, kind)
        assert [record.number for record in found] == list(range(1, len(found) + 1))
        for record in found:
            moments = [change.at for change in record.changes]
            assert moments == sorted(moments)
            assert moments[0] == record.created_at >= world.start
            assert moments[-1] <= world.now
            assert all(moment.microsecond == 0 for moment in moments)


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS, days=DAYS, days_ago=st.integers(min_value=0, max_value=700))
def test_links_lead_to_records_that_exist_at_any_time(seed: int, days: int, days_ago: int) -> None:
    world = make_world(seed, 0.03)
    world.advance(days)
    for moment in (world.now, world.now - timedelta(days=days_ago, seconds=days)):
        existing = {
            (kind, record.number)
            for kind, plural in PLURALS.items()
            for record in records(world, plural)
            if record.exists_at(moment)
        }
        for kind in ("deals", *NEW_KINDS):
            for record in records(world, kind):
                if record.exists_at(moment):
                    assert set(named_at(record, moment)) <= existing


def named_at(record: Record, moment: datetime) -> list[tuple[str, int]]:
    seen = {change.name: change for change in record.changes if change.at <= moment}
    return named_by(Record(record.number, record.created_at, record.created_by, list(seen.values())))


@settings(max_examples=4, deadline=None)
@given(seed=SEEDS, days=DAYS)
def test_a_deal_is_born_after_its_lead_was_converted(seed: int, days: int) -> None:
    world = make_world(seed, 0.03)
    world.advance(days)
    for deal in world.deals:
        number = deal.state_at(deal.created_at)["lead"]
        if number is not None:
            lead = world.leads[number - 1]
            converted = [c.at for c in lead.changes if c.name == "stage" and c.value == CONVERTED]
            assert lead.created_at < converted[0] <= deal.created_at


@settings(max_examples=4, deadline=None)
@given(seed=SEEDS)
def test_owners_work_here_when_they_get_a_record(seed: int) -> None:
    world = make_world(seed, 0.02)
    world.advance(5)
    people: dict[Any, Employee] = {person.number: person for person in world.employees}
    for kind in NEW_KINDS:
        for record in records(world, kind):
            for change in record.changes:
                if change.name == "owner" and change.value is not None:
                    person = people[change.value]
                    assert person.hired_at <= change.at
                    assert person.dismissed_at is None or change.at < person.dismissed_at


def test_time_only_adds_to_what_has_happened(before: World, after: World) -> None:
    for kind in ("deals", *NEW_KINDS):
        for old, new in zip(records(before, kind), records(after, kind), strict=False):
            assert new.changes[: len(old.changes)] == old.changes
            assert all(change.at > before.now for change in new.changes[len(old.changes) :])


def test_volumes_follow_the_size(before: World) -> None:
    aims = {"deals": 250, "leads": 200, "contacts": 225, "companies": 75, "activities": 1250}
    for kind, aim in aims.items():
        assert 0.75 * aim < len(records(before, kind)) < 1.3 * aim


def test_merged_records_have_handed_over_their_links(after: World) -> None:
    for kind in PLURALS.values():
        for record in records(after, kind):
            state = record.state_at(after.now)
            if "merged_into" in state:
                merged = next(change for change in record.changes if change.name == "merged_into")
                deleted = [change for change in record.changes if change.name == "is_deleted"][-1]
                survivor = records(after, kind)[state["merged_into"] - 1]
                assert state["is_deleted"]
                assert merged.at == deleted.at
                assert survivor.exists_at(merged.at)
                assert survivor is not record


def test_every_kind_is_merged_in_three_days(before: World, after: World) -> None:
    for kind in ("deals", "contacts", "companies"):
        count_before = sum("merged_into" in state for state in latest(before, kind))
        assert 2 <= count_before < sum("merged_into" in state for state in latest(after, kind))
    moved = [c for a in after.activities for c in a.changes if c.name == "bindings" and c.at > a.created_at]
    relinked = [c for d in after.deals for c in d.changes if c.name == "contacts" and c.at > d.created_at]
    assert moved
    assert relinked


def test_leads_lead_every_kind_of_life(before: World) -> None:
    steps = set()
    for lead in before.leads:
        steps |= set(pairwise(change.value for change in lead.changes if change.name == "stage"))
    assert {(1, 2), (2, 3), (1, 4), (3, 2), (JUNK, 2)} <= steps
    assert any(a == b for a, b in steps)
    assert any(a < CONVERTED < b for a, b in steps)
    assert any(CONVERTED < a != b > CONVERTED for a, b in steps)
    states = latest(before, "leads")
    assert any(state["stage"] == CONVERTED for state in states)
    assert any(state["company"] is None and not state["contacts"] for state in states)
    assert any(state["is_deleted"] for state in states)
    numbers = [state["lead"] for state in latest(before, "deals") if state["lead"]]
    converted = {n for n, state in enumerate(states, start=1) if state["stage"] == CONVERTED}
    assert 0.2 < len(numbers) / len(before.deals) < 0.45
    assert len(set(numbers)) < len(numbers)
    assert converted - set(numbers)


def test_clients_come_back_and_are_awkward(before: World) -> None:
    contacts, deals = latest(before, "contacts"), latest(before, "deals")
    assert any(not state["phones"] and not state["emails"] for state in contacts)
    assert any(len(state["phones"]) > 1 for state in contacts)
    assert any(len(state["companies"]) > 1 for state in contacts)
    assert any(state["last_name"] is None for state in contacts)
    assert [company.is_own for company in before.companies].index(True) == 0
    assert any(state["company"] == 1 for state in deals)
    assert any(len(state["contacts"]) > 1 for state in deals)
    assert all(len(set(state["contacts"])) == len(state["contacts"]) for state in deals)
    assert any(state["company"] is None and not state["contacts"] for state in deals)
    assert repeat_deals(before) > 0.15 * len(before.deals)


def repeat_deals(world: World) -> int:
    won_at: dict[Any, datetime] = {}
    count = 0
    for deal, state in zip(world.deals, latest(world, "deals"), strict=True):
        client = state["company"] if (state["company"] or 1) != 1 else state["contacts"][:1]
        count += bool(client) and won_at.get(client, deal.created_at) < deal.created_at
        for change in deal.changes:
            if change.name == "stage" and change.value[1] == CONVERTED and client:
                won_at[client] = min(change.at, won_at.get(client, change.at))
    return count


def test_sources_are_told_where_they_are_missing(before: World) -> None:
    deals = latest(before, "deals")
    leads, contacts = latest(before, "leads"), latest(before, "contacts")
    silent = [state for state in deals if state["source"] is None]
    assert any(state["lead"] and leads[state["lead"] - 1]["source"] for state in silent)
    assert any(state["contacts"] and contacts[state["contacts"][0] - 1]["source"] for state in silent)
    assert any(state["utm_campaign"] for state in deals)
    assert {state["source"] for state in deals} == {None, *range(1, 9)}


def test_losses_are_explained_when_they_happen(before: World) -> None:
    states = latest(before, "deals")
    assert any(state["competitor"] for state in states)
    assert any(state["stage"][1] > CONVERTED and state["loss_reason"] is None for state in states)
    for deal in before.deals:
        losses = {c.at for c in deal.changes if c.name == "stage" and c.value[1] > CONVERTED}
        assert {c.at for c in deal.changes if c.name == "loss_reason" and c.value} <= losses


def test_activities_are_of_every_kind(before: World) -> None:
    states = latest(before, "activities")
    now = before.now
    assert {activity.type for activity in before.activities} == set(ActivityType)
    assert {activity.is_inbound for activity in before.activities} == {None, True, False}
    assert any(not activity.has_task_card for activity in before.activities)
    planned = [state for state in states if not state["is_completed"] and not state["is_deleted"]]
    assert any(state["deadline"] and state["deadline"] < now for state in planned)
    assert any(state["start_at"] > now for state in planned)
    assert any(state["deadline"] and state["deadline"].year > 2100 for state in states)
    assert any(s["completed_at"] and s["deadline"] and s["completed_at"] > s["deadline"] for s in states)
    assert any(len(state["bindings"]) > 2 for state in states)
    assert all(state["bindings"] for state in states)
    left = {person.number for person in before.employees if person.dismissed_at}
    assert any(state["owner"] in left for state in planned)
    hung = {one.number for state in planned for one in state["bindings"] if one.type == "deal"}
    is_open = [s["stage"][1] < CONVERTED and not s["is_deleted"] for s in latest(before, "deals")]
    share = sum(n not in hung for n, is_it in enumerate(is_open, start=1) if is_it) / sum(is_open)
    assert 0.2 < share < 0.8


def test_ten_days_bring_every_kind_of_event(before: World, after: World) -> None:
    seen: dict[str, set[tuple[str, Any]]] = {}
    for kind in NEW_KINDS:
        known = records(before, kind)
        assert len(records(after, kind)) > len(known)
        changes = [
            (change.name, change.value)
            for old, new in zip(known, records(after, kind), strict=False)
            for change in new.changes[len(old.changes) :]
        ]
        seen[kind] = {(name, value if isinstance(value, bool) else None) for name, value in changes}
    for kind in NEW_KINDS:
        assert ("is_deleted", True) in seen[kind]
        assert ("owner", None) in seen[kind]
    assert ("is_deleted", False) in seen["leads"] | seen["contacts"] | seen["companies"]
    assert {("stage", None), ("company", None)} <= seen["leads"]
    assert {("phones", None), ("companies", None)} <= seen["contacts"]
    assert {("is_completed", True), ("deadline", None), ("bindings", None)} <= seen["activities"]
    fresh = [deal.state_at(deal.created_at) for deal in after.deals[len(before.deals) :]]
    assert any(state["lead"] for state in fresh)
    assert any(not state["lead"] for state in fresh)
