"""What becomes of links when the record they lead to is merged, deleted or restored.

A deleted record is let go by everything that named it, as CRMs do; an activity that hung on nothing else
goes with it, and comes back with it. A merged record hands its links over to the survivor.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simulator.changing import insert_change
from simulator.model import Activity, Binding, Change, Record, Value, World

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

NAMES = frozenset(("company", "companies", "contacts", "lead", "bindings"))
KINDS = {"company": "company", "companies": "company", "contacts": "contact", "lead": "lead"}


@dataclass(frozen=True)
class Parting:
    """A record goes at `at`, into `survivor` or (None) nowhere; it is back at `back_at`, if ever."""

    kind: str
    number: int
    at: datetime
    by: int
    survivor: int | None = None
    back_at: datetime | None = None


class LinkBook:
    """Knows which records have ever named a record."""

    def __init__(self, world: World) -> None:
        self.holders: dict[tuple[str, int], dict[tuple[str, int], Record]] = defaultdict(dict)
        kinds: tuple[Iterable[Record], ...] = (world.deals, world.leads, world.contacts, world.activities)
        for records in kinds:
            for record in records:
                self.note(record)

    def note(self, record: Record) -> None:
        """Remember what a record names."""
        for target in named_by(record):
            self.holders[target][type(record).__name__, record.number] = record

    def part(self, parting: Parting) -> None:
        """Rewrite every link to the record that goes."""
        holders = self.holders[parting.kind, parting.number]
        for holder in holders.values():
            _part(holder, parting)
        if parting.survivor is not None:
            self.holders[parting.kind, parting.survivor].update(holders)

    def come_back(self, parting: Parting, at: datetime) -> None:
        """Bring back the activities that went along with a record."""
        for holder in self.holders[parting.kind, parting.number].values():
            gone = holder.changes[-1]
            if isinstance(holder, Activity) and (gone.at, gone.name, gone.value) == (
                parting.at,
                "is_deleted",
                True,
            ):
                insert_change(holder, Change(at, "is_deleted", value=False, by=parting.by))


def named_by(record: Record) -> list[tuple[str, int]]:
    """The records that a record has ever named, as (kind, number)."""
    found: list[tuple[str, int]] = []
    for change in record.changes:
        if change.name == "bindings":
            found += [(binding.type, binding.number) for binding in change.value]
        elif change.name in KINDS and change.value:
            numbers = change.value if isinstance(change.value, tuple) else (change.value,)
            found += [(KINDS[change.name], number) for number in numbers]
    return found


def _part(holder: Record, parting: Parting) -> None:
    state = holder.state_at(parting.at)
    if "merged_into" in state:
        return
    alone = (Binding(parting.kind, parting.number),)
    if parting.survivor is None and state.get("bindings") == alone:
        _go_along(holder, parting)
        return
    for place, change in enumerate(holder.changes):
        is_later = change.at > parting.at and (parting.back_at is None or change.at < parting.back_at)
        if is_later and change.name in NAMES:
            holder.changes[place] = replace(change, value=_rewritten(change.name, change.value, parting))
    for name in sorted(NAMES & state.keys()):
        value = _rewritten(name, state[name], parting)
        if value != state[name]:
            insert_change(holder, Change(parting.at, name, value, parting.by))


def _go_along(activity: Record, parting: Parting) -> None:
    """What hangs on nothing is gone, and nobody takes it out of the recycle bin by itself."""
    activity.changes = [change for change in activity.changes if change.at <= parting.at]
    if not activity.state_at(parting.at)["is_deleted"]:
        activity.changes.append(Change(parting.at, "is_deleted", value=True, by=parting.by))


def _rewritten(name: str, value: Value, parting: Parting) -> Value:
    """A link's value without the record that goes, with its survivor instead."""
    if name == "bindings":
        gone = Binding(parting.kind, parting.number)
        heir = None if parting.survivor is None else Binding(parting.kind, parting.survivor)
        return _replaced(value, gone, heir)
    if KINDS[name] != parting.kind:
        return value
    if isinstance(value, tuple):
        return _replaced(value, parting.number, parting.survivor)
    return parting.survivor if value == parting.number else value


def _replaced(values: tuple[Value, ...], gone: Value, heir: Value) -> tuple[Value, ...]:
    """Each of the values once, in order, the heir (if any) in place of what is gone."""
    heirs = (heir if value == gone else value for value in values)
    return tuple(dict.fromkeys(value for value in heirs if value is not None))
