"""A world is the same for everybody who makes it, and keeps its own rules."""

from __future__ import annotations

import copy
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.model import Employee, FieldType, StageKind, World
from simulator.shown import moves, place, stage_history, stage_of
from simulator.world import make_world

SEEDS = st.integers(min_value=0, max_value=10_000)
CHECKSUM = """
from hashlib import sha256
from simulator.world import make_world
world = make_world(7, 0.02)
world.advance(2)
print(sha256(repr(world).encode()).hexdigest())
"""


@settings(max_examples=6, deadline=None)
@given(seed=SEEDS, days=st.integers(min_value=1, max_value=6))
def test_single_days_add_up_to_many_days_at_once(seed: int, days: int) -> None:
    at_once, day_by_day = make_world(seed, 0.01), make_world(seed, 0.01)
    at_once.advance(days)
    for _ in range(days):
        day_by_day.advance(1)
    day_by_day.version = at_once.version
    assert at_once == day_by_day


def test_hash_randomisation_does_not_change_a_world() -> None:
    sums = {
        subprocess.run(
            [sys.executable, "-c", CHECKSUM], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(sums) == 1


def test_seeds_give_different_worlds() -> None:
    assert make_world(1, 0.01).deals != make_world(2, 0.01).deals


@settings(max_examples=6, deadline=None)
@given(seed=SEEDS, days=st.integers(min_value=0, max_value=6))
def test_changes_are_in_order_and_never_in_the_future(seed: int, days: int) -> None:
    world = make_world(seed, 0.02)
    world.advance(days)
    for deal in world.deals:
        moments = [change.at for change in deal.changes]
        assert moments == sorted(moments)
        assert moments[0] == deal.created_at
        assert moments[-1] <= world.now
        assert all(moment.microsecond == 0 for moment in moments)


@settings(max_examples=6, deadline=None)
@given(seed=SEEDS, days=st.integers(min_value=0, max_value=6))
def test_stages_exist_while_a_deal_enters_or_stands_in_them(seed: int, days: int) -> None:
    world = make_world(seed, 0.02)
    world.advance(days)
    for deal in world.deals:
        for move in moves(deal):
            where: Any = move.value
            stage = stage_of(world, where)
            assert stage.created_at <= move.at
            assert stage.deleted_at is None or move.at < stage.deleted_at
        assert stage_of(world, place(deal.state_at(world.now))).deleted_at is None


@settings(max_examples=6, deadline=None)
@given(seed=SEEDS)
def test_owners_work_here_when_they_get_a_deal(seed: int) -> None:
    world = make_world(seed, 0.02)
    world.advance(5)
    people: dict[Any, Employee] = {person.number: person for person in world.employees}
    for deal in world.deals:
        for change in deal.changes:
            if change.name == "owner" and change.value is not None:
                owner: Any = change.value
                person = people[owner]
                assert person.hired_at <= change.at
                assert person.dismissed_at is None or change.at < person.dismissed_at


def test_time_only_adds_to_what_has_happened() -> None:
    world = make_world(3, 0.03)
    before = copy.deepcopy(world)
    world.advance(5)
    for old, new in zip(before.deals, world.deals, strict=False):
        assert new.changes[: len(old.changes)] == old.changes
        assert all(change.at > before.now for change in new.changes[len(old.changes) :])
    rows = stage_history(before)
    assert [(row.number, row.at, row.stage) for row in stage_history(world)[: len(rows)]] == [
        (row.number, row.at, row.stage) for row in rows
    ]


def _kinds(world: World, number: int) -> list[StageKind]:
    places: list[Any] = [move.value for move in moves(world.deals[number])]
    return [stage_of(world, where).kind for where in places]


@pytest.fixture(scope="module")
def company() -> World:
    return make_world(1, 0.2)


def test_every_kind_of_move_happens(company: World) -> None:
    steps = set()
    for number in range(len(company.deals)):
        kinds = _kinds(company, number)
        steps |= set(pairwise(kinds))
    assert {(a, b) for a in StageKind for b in StageKind} - {(StageKind.WON, StageKind.WON)} - steps <= {
        (StageKind.WON, StageKind.OPEN)
    }


def test_a_world_holds_the_awkward_cases(company: World) -> None:
    values = [change for deal in company.deals for change in deal.changes]
    stages: list[list[Any]] = [[c for c in deal.changes if c.name == "stage"] for deal in company.deals]
    pairs = [pair for history in stages for pair in pairwise(history)]
    assert {c.value for c in values if c.name == "amount"} >= {None, 0}
    assert any("\n" in str(c.value) for c in values if c.name == "title")
    assert any(a.value == b.value for a, b in pairs)
    assert any(a.at == b.at for a, b in pairs)
    assert any(a.value[0] != b.value[0] for a, b in pairs)
    assert any(len(moves(deal)) > 6 for deal in company.deals)
    assert any(deal.is_template for deal in company.deals)
    assert any(deal.has_lost_history for deal in company.deals)
    assert any(c.name == "is_deleted" and c.value is True for c in values)
    assert any(c.name == "is_deleted" and not c.value and c.at > company.start for c in values)
    closings: list[Any] = [(d.state_at(company.now)["closed_at"], d.created_at) for d in company.deals]
    assert any(closed_at is not None and closed_at < created_at for closed_at, created_at in closings)
    assert {field.type for field in company.custom_fields} == set(FieldType)
    assert any(stage.deleted_at for pipeline in company.pipelines for stage in pipeline.stages)


def test_five_days_bring_every_kind_of_event(company: World) -> None:
    world = copy.deepcopy(company)
    world.advance(5)
    since = company.now
    new = [change for deal in world.deals for change in deal.changes if change.at > since]
    stages = [stage for pipeline in world.pipelines for stage in pipeline.stages]
    assert len(world.deals) > len(company.deals)
    assert {"stage", "owner", "amount", "is_deleted", "custom:3"} <= {change.name for change in new}
    assert any(stage.created_at > since for stage in stages)
    assert any(stage.deleted_at is not None and stage.deleted_at > since for stage in stages)
    assert any(stage.names[-1][0] > since for stage in stages if len(stage.names) > 1)
    assert any(person.dismissed_at is not None and person.dismissed_at > since for person in world.employees)
    assert any(rate.valid_from > since for rate in world.rates)
    assert any(field.labels[-1][0] > since for field in world.custom_fields)


def test_size_one_is_five_thousand_deals(company: World) -> None:
    moves_in_all = sum(len(moves(deal)) for deal in company.deals)
    assert len(company.deals) == 1000
    assert 3.5 < moves_in_all / len(company.deals) < 6
