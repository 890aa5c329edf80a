"""Merges of records that turned out to be the same, and the settling of links after merges and deletions."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from simulator.changing import employed, set_values
from simulator.links import LinkBook, Parting
from simulator.model import WON_STAGE, Deal, Record, Value, World

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from random import Random

MERGES_AT_SIZE_ONE = {"contact": 60, "company": 25, "deal": 20}


def settle_deletions(world: World, book: LinkBook, since: datetime | None = None) -> None:
    """Let go of whatever was deleted after `since` (or ever), and take back what was restored."""
    events: list[tuple[datetime, int, bool, Parting]] = []
    for order, (kind, records) in enumerate(_records(world).items()):
        for record in records:
            if since is None or record.changes[-1].at > since:
                events += [(at, order, is_back, parting) for at, is_back, parting in _partings(kind, record)]
    for at, _, is_back, parting in sorted(events, key=lambda event: event[:2]):
        if since is not None and at <= since:
            continue
        if is_back:
            book.come_back(parting, at)
        else:
            book.part(parting)


def _records(world: World) -> dict[str, Sequence[Record]]:
    return {
        "company": world.companies,
        "contact": world.contacts,
        "lead": world.leads,
        "deal": world.deals,
    }


def _partings(kind: str, record: Record) -> list[tuple[datetime, bool, Parting]]:
    flags = [change for change in record.changes if change.name == "is_deleted"]
    if any(change.name == "merged_into" for change in record.changes):
        flags = flags[:-1]
    found: list[tuple[datetime, bool, Parting]] = []
    gone: Parting | None = None
    for place, change in enumerate(flags):
        if change.value and gone is None:
            back_at = next((later.at for later in flags[place:] if not later.value), None)
            gone = Parting(kind, record.number, change.at, change.by, back_at=back_at)
            found.append((change.at, False, gone))
        elif not change.value and gone is not None:
            found.append((change.at, True, gone))
            gone = None
    return found


class Merger:
    """Finds records that are (taken to be) the same, and merges them."""

    def __init__(self, world: World, book: LinkBook, random: Random) -> None:
        self.world = world
        self.book = book
        self.random = random

    def merge_some(self) -> None:
        """The merges of two years."""
        for kind, often in MERGES_AT_SIZE_ONE.items():
            groups = self.groups(kind)
            for _ in range(max(2, round(often * self.world.size))):
                self.merge_two(kind, groups, self.world.start, self.world.now)

    def groups(self, kind: str) -> list[list[Record]]:
        """The living records of a kind in groups of two and more, most of them alike."""
        found: dict[Value, list[Record]] = defaultdict(list)
        for record in _records(self.world)[kind]:
            state = record.state_at(record.changes[-1].at)
            if not state["is_deleted"] and _may_merge(record, state):
                is_named = bool(self.book.holders[kind, record.number])
                found[_likeness(kind, state) if self.random.random() < 0.7 else is_named].append(record)
        return [group for group in found.values() if len(group) > 1]

    def merge_two(self, kind: str, groups: list[list[Record]], since: datetime, until: datetime) -> None:
        """Merge two records of one group after all that happened to them, if there is time until `until`."""
        random = self.random
        if not groups:
            return
        group = random.choice(groups)
        survivor, gone = sorted(random.sample(group, 2), key=lambda record: record.number)
        earliest = max(survivor.changes[-1].at, gone.changes[-1].at, since) + timedelta(seconds=60)
        if earliest > until:
            return
        at = earliest + timedelta(seconds=random.randint(0, int((until - earliest).total_seconds())))
        self._merge(kind, survivor, gone, at)
        group.remove(gone)
        if len(group) < 2:
            groups.remove(group)

    def _merge(self, kind: str, survivor: Record, gone: Record, at: datetime) -> None:
        """One record goes into another one, which takes over what it lacks."""
        by = self.random.choice(employed(self.world, at))
        self.book.part(Parting(kind, gone.number, at, by, survivor.number))
        set_values(survivor, at, by, _taken_over(survivor.state_at(at), gone.state_at(at)))
        self.book.note(survivor)
        set_values(gone, at, by, {"merged_into": survivor.number, "is_deleted": True})


def _taken_over(state: dict[str, Value], gone: dict[str, Value]) -> dict[str, Value]:
    taken: dict[str, Value] = {}
    for name in ("phones", "emails", "contacts", "companies"):
        if name in state:
            taken[name] = tuple(dict.fromkeys(state[name] + gone[name]))
    for name in ("company", "lead", "source", "country", "job_title"):
        if name in state and state[name] is None:
            taken[name] = gone[name]
    return {name: value for name, value in taken.items() if value != state[name]}


def _may_merge(record: Record, state: dict[str, Value]) -> bool:
    if isinstance(record, Deal):
        return not record.is_template and bool(state["stage"][1] < WON_STAGE)
    return not getattr(record, "is_own", False)


def _likeness(kind: str, state: dict[str, Value]) -> Value:
    if kind == "deal":
        return state["company"], state["contacts"][:1]
    return (state["first_name"], state["last_name"]) if kind == "contact" else state["name"][:8]
