"""How records of every kind are given values: at their birth, and later at the place their time says."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING

from simulator.model import Change, Record, Value, World

if TYPE_CHECKING:
    from random import Random

_moment = attrgetter("at")


def insert_change(record: Record, change: Change) -> None:
    """Put a change where its time says, after those of the same moment."""
    record.changes.insert(bisect_right(record.changes, change.at, key=_moment), change)


def set_values(record: Record, at: datetime, by: int, values: dict[str, Value]) -> None:
    """Set several fields at one instant."""
    new = [Change(at, name, value, by) for name, value in values.items()]
    place = len(record.changes)
    if place and record.changes[-1].at > at:
        place = bisect_right(record.changes, at, key=_moment)
    record.changes[place:place] = new


def bear(record: Record, values: dict[str, Value]) -> None:
    """Give a record its first values at its birth; it is not deleted."""
    set_values(record, record.created_at, record.created_by, {**values, "is_deleted": False})


def employed(world: World, at: datetime) -> list[int]:
    """The numbers of the people who work here at `at`."""
    return [
        person.number
        for person in world.employees
        if person.hired_at <= at and (person.dismissed_at is None or person.dismissed_at > at)
    ]


def later(random: Random, at: datetime, low_hours: float, high_hours: float) -> datetime:
    """Some time after `at`, mostly at a working hour."""
    moment = at + timedelta(seconds=random.randint(int(low_hours * 3600), int(high_hours * 3600)))
    if low_hours >= 2 and random.random() < 0.8:
        moment = max(moment.replace(hour=random.randint(6, 16)), at + timedelta(seconds=61))
    return moment
