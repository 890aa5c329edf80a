"""What becomes of clients after they entered the books: edits, deletions, restores."""

from __future__ import annotations

from bisect import bisect_right
from random import Random
from typing import TYPE_CHECKING

from simulator import client_words as words
from simulator.changing import employed, later, set_values
from simulator.client_book import emails, phones
from simulator.model import Company, Contact, Value, World

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


def live_through(world: World) -> None:
    """What happened to clients in two years."""
    kinds: tuple[Iterable[Contact | Company], ...] = (world.contacts, world.companies)
    for records in kinds:
        for record in records:
            random = Random(f"{world.seed}:life of {type(record).__name__}:{record.number}")
            at = record.created_at
            while random.random() < 0.3:
                at = later(random, at, 0.1, 3000)
                edit(world, random, record, at, world.now)
            if random.random() < 0.025 and not getattr(record, "is_own", False):
                at = later(random, at, 1, 2000)
                delete(world, random, record, at, world.now)
                if random.random() < 0.4:
                    restore(world, random, record, later(random, at, 0.1, 700), world.now)


def edit(world: World, random: Random, record: Contact | Company, at: datetime, horizon: datetime) -> None:
    """One ordinary edit."""
    people = employed(world, min(at, horizon))
    country, city = random.choice(words.PLACES)
    kinds = ("mobile", "work", "home") if isinstance(record, Contact) else ("work",)
    edits: list[dict[str, Value]] = [
        {"phones": phones(random, kinds)},
        {"emails": emails(random, record.number, kinds[1:] or kinds)},
        {"country": country, "city": city},
        {"owner": random.choice(people)},
    ]
    if isinstance(record, Contact):
        edits += [
            {"job_title": random.choice(words.JOB_TITLES)},
            {"last_name": random.choice(words.LAST_NAMES)},
            {"companies": _companies(world, random, at)},
        ]
    elif not record.is_own:
        edits += [
            {"industry": random.choice(words.INDUSTRIES)},
            {"name": random.choice(words.COMPANY_NAMES).format(n=record.number)},
        ]
    if at <= horizon:
        set_values(record, at, random.choice(people), random.choice(edits))


def _companies(world: World, random: Random, at: datetime) -> tuple[int, ...]:
    """Some of the client companies of that time; number 1 is the seller's own."""
    known = bisect_right(world.companies, at, key=lambda company: company.created_at)
    if known < 3 or random.random() < 0.15:
        return ()
    drawn = random.sample(range(2, known + 1), random.choice((1, 1, 2)))
    return tuple(number for number in drawn if world.companies[number - 1].exists_at(at))


def delete(world: World, random: Random, record: Contact | Company, at: datetime, horizon: datetime) -> None:
    """Put it into the recycle bin."""
    if at <= horizon:
        set_values(record, at, random.choice(employed(world, at)), {"is_deleted": True})


def restore(world: World, random: Random, record: Contact | Company, at: datetime, horizon: datetime) -> None:
    """Take it out of the recycle bin, without its old links."""
    if at <= horizon:
        set_values(record, at, random.choice(employed(world, at)), {"is_deleted": False})
