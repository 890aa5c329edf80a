"""The part of a day that is not about deals alone: clients, enquiries, activities, merges, leavers."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from simulator.changing import employed, set_values
from simulator.day_of_activities import ActivityDay
from simulator.day_of_clients import ClientDay
from simulator.links import LinkBook
from simulator.losses import note_losses
from simulator.partings import MERGES_AT_SIZE_ONE, Merger, settle_deletions

if TYPE_CHECKING:
    from simulator.model import Record, World


def live_on(world: World, morning: datetime, evening: datetime, known_deals: int) -> None:
    """Let the rest of a day pass, after its deals; those beyond `known_deals` are new."""
    random = Random(f"{world.seed}:rest of day:{world.now.isoformat()}")
    noon = morning + timedelta(hours=2)
    known_leads = len(world.leads)
    _hand_over(world, random, morning)
    note_losses(world, world.now)
    ClientDay(world, random, noon, evening, world.deals[known_deals:]).happen()
    ActivityDay(world, random, noon, evening).happen(world.deals[known_deals:], world.leads[known_leads:])
    book = LinkBook(world)
    settle_deletions(world, book, world.now)
    kinds = tuple(MERGES_AT_SIZE_ONE)
    kind = kinds[(world.now - world.start).days % len(kinds)]
    merger = Merger(world, book, random)
    groups = merger.groups(kind)
    for _ in range(max(1, round(2 * world.size))):
        merger.merge_two(kind, groups, noon, evening)


def _hand_over(world: World, random: Random, morning: datetime) -> None:
    """Half of what somebody who left this morning was responsible for goes to others."""
    leavers = {person.number for person in world.employees if person.dismissed_at == morning}
    if not leavers:
        return
    heirs = employed(world, morning)
    kinds: tuple[list[Record], ...] = (
        [*world.leads],
        [*world.contacts],
        [*world.companies],
        [*world.activities],
    )
    for records in kinds:
        for record in records:
            state = record.state_at(morning)
            is_done = state["is_deleted"] or state.get("is_completed", False)
            if state["owner"] in leavers and not is_done and random.random() < 0.5:
                set_values(record, morning, heirs[0], {"owner": random.choice(heirs)})
