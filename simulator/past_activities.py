"""The activities of two years: of every deal and lead, and of contacts and companies beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from simulator.activity_lives import Plan
from simulator.changing import employed
from simulator.enquiries import conversions
from simulator.model import WON_STAGE, Activity, ActivityType, Binding, Deal, Lead, Record, World

if TYPE_CHECKING:
    from collections.abc import Iterator


def live_through(world: World) -> None:
    """Fill in the activities; numbers grow with the time of entering."""
    found: list[Activity] = []
    for deal in world.deals:
        found += activities_of_deal(world, deal, world.now)
    for lead in world.leads:
        found += activities_of_lead(world, lead, world.now)
    for kind, records in (("contact", world.contacts), ("company", world.companies)):
        for record in records:
            found += _activities_of_client(world, kind, record)
    enter(world, found)


def enter(world: World, activities: list[Activity]) -> None:
    """Number activities in order of time and add them to the world."""
    for activity in sorted(activities, key=lambda activity: activity.created_at):
        activity.number = len(world.activities) + 1
        world.activities.append(activity)


@dataclass(frozen=True)
class Subject:
    """A record to do something about, and until when that is known."""

    world: World
    kind: str
    record: Record
    horizon: datetime

    def plan(self, random: Random, at: datetime) -> Plan:
        """By its owner if that one works here, mostly; hung on some of its clients too."""
        state = self.record.state_at(at)
        people = employed(self.world, at)
        owner = (
            state["owner"] if state["owner"] in people and random.random() < 0.85 else random.choice(people)
        )
        bindings = [Binding(self.kind, self.record.number)]
        if self.kind in ("deal", "lead"):
            bindings += [Binding("contact", number) for number in state["contacts"] if random.random() < 0.5]
            if state["company"] and random.random() < 0.4:
                bindings.append(Binding("company", state["company"]))
        if random.random() < 0.08:
            bindings.reverse()
        return Plan(self.world, random, tuple(bindings), owner, self.horizon)


def activities_of_deal(world: World, deal: Deal, horizon: datetime) -> Iterator[Activity]:
    """From its birth until it is closed; an open one mostly has one planned."""
    if deal.is_template:
        return
    random = Random(f"{world.seed}:activities of deal:{deal.number}")
    state = deal.state_at(horizon)
    is_open = state["stage"][1] < WON_STAGE and not state["is_deleted"]
    last = deal.changes[-1].at
    end = min(horizon, last + timedelta(days=5)) if is_open else last
    for at in _moments(random, deal.created_at, end, random.choice((0, 1, 2, 3, 4, 5, 6, 8))):
        if deal.exists_at(at):
            yield Subject(world, "deal", deal, horizon).plan(random, at).activity(at)
    if is_open and random.random() < 0.5:
        at = max(last, horizon - timedelta(seconds=random.randint(60, 400_000)))
        type_ = random.choice((ActivityType.CALL, ActivityType.MEETING, ActivityType.TASK))
        yield Subject(world, "deal", deal, horizon).plan(random, at).activity(at, type_, is_planned=True)


def activities_of_lead(world: World, lead: Lead, horizon: datetime) -> Iterator[Activity]:
    """From its birth until it is converted or forgotten."""
    random = Random(f"{world.seed}:activities of lead:{lead.number}")
    closed = conversions(lead)
    end = closed[0] if closed else min(horizon, lead.changes[-1].at + timedelta(days=3))
    for at in _moments(random, lead.created_at, end, random.choice((0, 0, 1, 1, 2, 3))):
        if lead.exists_at(at):
            yield Subject(world, "lead", lead, horizon).plan(random, at).activity(at)


def _activities_of_client(world: World, kind: str, record: Record) -> Iterator[Activity]:
    random = Random(f"{world.seed}:activities of {kind}:{record.number}")
    for at in _moments(random, record.created_at, world.now, random.choice((0, 0, 0, 1))):
        if record.exists_at(at):
            yield Subject(world, kind, record, world.now).plan(random, at).activity(at)


def _moments(random: Random, start: datetime, end: datetime, count: int) -> list[datetime]:
    span = max(0, int((end - start).total_seconds()))
    return sorted(start + timedelta(seconds=random.randint(0, span)) for _ in range(count))
