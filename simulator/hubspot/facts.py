"""What follows from several records of a world: merges, clients who bought before, statuses of contacts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from simulator.identifiers import hubspot as ids
from simulator.model import WON_STAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from simulator.model import Deal, Lead, Record, World

T = TypeVar("T")
MERGING_KINDS = ("deal", "contact", "company")


@dataclass
class Merges:
    """Who of a kind was merged into whom; records of kinds that do not merge have none."""

    kind: str
    into: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    taken_in: defaultdict[int, list[tuple[datetime, int]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, record: Record) -> None:
        """Take in what a record says of itself."""
        for change in record.changes:
            if change.name == "merged_into" and change.value is not None:
                self.into[record.number] = (cast("int", change.value), change.at)
                self.taken_in[change.value].append((change.at, record.number))

    def survivor(self, number: int, until: datetime | None = None) -> int:
        """Whom a record became, by all merges or by those up to a moment."""
        while (merge := self.into.get(number)) and (until is None or merge[1] <= until):
            number = merge[0]
        return number

    def count(self, number: int) -> int:
        """How many were merged into a record directly."""
        return len(self.taken_in.get(number, ()))

    def key(self, number: int) -> int:
        """The id a record has now, or had when it was merged away."""
        return ids.merged_id(self.kind, number, self.count(number))

    def earlier_keys(self, number: int) -> list[tuple[int, datetime]]:
        """Every other id that a record answers to, and when each was given up."""
        found: list[tuple[int, datetime]] = []
        for order, (at, other) in enumerate(sorted(self.taken_in.get(number, ()))):
            found += [(ids.merged_id(self.kind, number, order), at), *self.earlier_keys(other)]
            found.append((self.key(other), at))
        return found

    def merged_at(self, number: int) -> list[datetime]:
        """When others were merged into a record."""
        return [at for at, _ in self.taken_in.get(number, ())]


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A contact's lead entered a stage."""

    at: datetime
    stage: int
    by: int


class Facts:
    """Works each fact out once per version of the world, when it is first asked for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._version = -1
        self._kept: dict[str, Any] = {}

    def _once(self, name: str, make: Callable[[], T]) -> T:
        if self._version != self.world.version:
            self._kept.clear()
            self._version = self.world.version
        if name not in self._kept:
            self._kept[name] = make()
        return cast("T", self._kept[name])

    def merges(self, kind: str) -> Merges:
        """The merges of deals, contacts or companies."""
        records: dict[str, Sequence[Record]] = {
            "deal": self.world.deals,
            "contact": self.world.contacts,
            "company": self.world.companies,
        }
        return self._once(f"merges of {kind}", lambda: _merges(kind, records.get(kind, ())))

    def statuses(self, contact: int) -> list[StatusChange]:
        """The stages that the leads of a contact, or of one merged into it, went through."""
        return self._once("statuses", self._all_statuses).get(contact, [])

    def _all_statuses(self) -> dict[int, list[StatusChange]]:
        contacts = self.merges("contact")
        found: dict[int, list[StatusChange]] = {}
        for lead in self.world.leads:
            for change, linked in _stages_with_contacts(lead):
                for number in {contacts.survivor(number) for number in linked}:
                    found.setdefault(number, []).append(change)
        return {number: sorted(changes, key=lambda change: change.at) for number, changes in found.items()}

    def is_existing_client(self, deal: Deal) -> bool:
        """Whether, when the deal was born, another deal of its client had been won.

        Of the same company; of any same contact where the deal has no company.
        """
        wins = self._once("wins", self._all_wins)
        born_at = deal.created_at
        return any(
            number != deal.number and won_at < born_at
            for client in self._clients(deal.state_at(born_at), born_at, is_strict=True)
            for won_at, number, linked in wins.get(client[0], ())
            if self._then(client[0], linked, born_at) == client[1]
        )

    def _all_wins(self) -> dict[str, list[tuple[datetime, int, int]]]:
        wins: dict[str, list[tuple[datetime, int, int]]] = {"company": [], "contact": []}
        for deal in self.world.deals:
            for change in deal.changes:
                if change.name == "stage" and change.value[1] == WON_STAGE:
                    linked = self._clients(deal.state_at(change.at), change.at, is_strict=False)
                    for kind, number in linked:
                        wins[kind].append((change.at, deal.number, number))
        return wins

    def _clients(self, state: dict[str, Any], at: datetime, *, is_strict: bool) -> list[tuple[str, int]]:
        company = state.get("company")
        companies = [] if company is None else [("company", self._then("company", company, at))]
        if companies and is_strict:
            return companies
        contacts = [("contact", self._then("contact", number, at)) for number in state.get("contacts") or ()]
        return companies + contacts

    def _then(self, kind: str, number: int, at: datetime) -> int:
        return self.merges(kind).survivor(number, at)


def _merges(kind: str, records: Iterable[Record]) -> Merges:
    merges = Merges(kind)
    for record in records:
        merges.add(record)
    return merges


def _stages_with_contacts(lead: Lead) -> list[tuple[StatusChange, tuple[int, ...]]]:
    found = []
    for change in lead.changes:
        if change.name == "stage":
            linked = lead.state_at(change.at).get("contacts") or ()
            found.append((StatusChange(change.at, change.value, change.by), tuple(linked)))
    return found
