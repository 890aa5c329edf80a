"""Makes one company's life from a seed and a size: the same ones give the same world on every machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from simulator import client_lives, company, dirt, past_activities, past_clients
from simulator.changing import insert_change
from simulator.deal_lives import live
from simulator.links import LinkBook
from simulator.losses import note_losses
from simulator.model import Change, World
from simulator.partings import Merger, settle_deletions

FIRST_LOAD = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LENGTH = timedelta(days=730)
DEALS_AT_SIZE_ONE = 5000
BULK_EDITS = ((90, 0.15), (260, 0.5), (430, 0.2), (640, 0.3))  # days after the start, share of the deals

__all__ = ["World", "make_world"]


def make_world(seed: int, size: float, *, now: datetime = FIRST_LOAD) -> World:
    """Two years of work up to `now`; size 1 is 5,000 deals, 4,000 leads and 25,000 activities."""
    random = Random(f"{seed}:company")
    start = now - LENGTH
    base, timezone = company.BASES[seed % len(company.BASES)]
    world = World(
        seed=seed,
        size=size,
        start=start,
        now=now,
        base_currency=base,
        timezone=timezone,
        departments=company.departments(),
        employees=company.employees(random, size, start, now),
        pipelines=company.pipelines(start),
        rates=company.rates(random, base, start, now),
        custom_fields=company.custom_fields(start),
        deals=[],
    )
    count = max(20, round(size * DEALS_AT_SIZE_ONE))
    births = sorted(_birth(random, start) for _ in range(count))
    for number, born_at in enumerate(births, start=1):
        world.deals.append(live(world, number, born_at, now, Random(f"{seed}:deal:{number}")))
    for days, share in BULK_EDITS:
        bulk_edit(world, random, start + timedelta(days=days, seconds=4000), share)
    past_clients.live_through(world)
    client_lives.live_through(world)
    note_losses(world)
    past_activities.live_through(world)
    book = LinkBook(world)
    settle_deletions(world, book)
    Merger(world, book, Random(f"{seed}:merges")).merge_some()
    dirt.plant(world)
    return world


def _birth(random: Random, start: datetime) -> datetime:
    seconds = random.randint(0, int(LENGTH.total_seconds()) - 7200)
    born_at = start + timedelta(seconds=seconds)
    is_any_hour = random.random() < 0.2 or seconds > (LENGTH - timedelta(days=1)).total_seconds()
    return born_at if is_any_hour else max(start, born_at.replace(hour=random.randint(6, 17)))


def bulk_edit(world: World, random: Random, at: datetime, share: float) -> None:
    """Somebody edits a share of all deals at once: they all get the same moment of change."""
    for deal in world.deals:
        if deal.created_at < at and random.random() < share and not deal.state_at(at)["is_deleted"]:
            insert_change(deal, Change(at, "custom:3", random.choice(("bulk", "перенос", None)), 1))
