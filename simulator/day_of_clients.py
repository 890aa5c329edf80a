"""What happens to leads, contacts and companies from one day to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from typing import TYPE_CHECKING, TypeVar

from simulator import client_lives
from simulator.client_book import Client, ClientBook
from simulator.enquiries import arrive, begin_deal, conversions, convert
from simulator.lead_lives import LOST, live
from simulator.lead_writer import CONVERTED, LeadWriter
from simulator.model import WON_STAGE, Company, Contact, Lead, Record, Value, World

if TYPE_CHECKING:
    from random import Random

    from simulator.model import Deal

Event = Callable[[datetime], object]
Fits = Callable[[dict[str, Value]], bool]
R = TypeVar("R", bound=Record)
SHARE_FROM_LEADS = 0.4


@dataclass
class ClientDay:
    """One day of the clients, between `noon` and `evening`; the day's new deals find theirs."""

    world: World
    random: Random
    noon: datetime
    evening: datetime
    new_deals: Sequence[Deal]
    book: ClientBook = field(init=False)
    events: list[tuple[datetime, int, Event]] = field(default_factory=list)

    def happen(self) -> None:
        """Let the day pass."""
        self.book = ClientBook(self.world, known_clients(self.world))
        for deal in self.new_deals:
            self._expect(deal.created_at, partial(self._begin_deal, deal))
        busy = max(1.0, len(self.world.leads) * 0.002)
        seconds = int((self.evening - self.noon).total_seconds())
        for event, often in (
            (self._new_lead, 2),
            (self._move_lead, 3),
            (self._edit_lead, 1),
            (self._convert_lead, 0.7),
            (self._reopen_lead, 0.7),
            (self._delete_lead, 0.4),
            (self._restore_lead, 0.3),
            (self._new_client, 1),
            (self._edit_contact, 2),
            (self._edit_company, 1),
            (self._delete_client, 0.4),
            (self._restore_client, 0.3),
        ):
            for _ in range(max(1, round(busy * often))):
                self._expect(self.noon + timedelta(seconds=self.random.randint(0, seconds)), event)
        while self.events:
            at, _, happening = heappop(self.events)
            happening(at)

    def _expect(self, at: datetime, event: Event) -> None:
        heappush(self.events, (at, self.random.randrange(1 << 60), event))

    # ---- leads and deals ----

    def _new_lead(self, at: datetime) -> None:
        lead = live(self.world, len(self.world.leads) + 1, at, self.evening)
        self.world.leads.append(lead)
        arrive(self.book, lead)
        for converted_at in conversions(lead):
            self._expect(converted_at, partial(convert, self.book, lead))

    def _begin_deal(self, deal: Deal, at: datetime) -> None:
        lead = None
        if not deal.is_template and self.random.random() < SHARE_FROM_LEADS:
            lead = self._convert_lead(at)
        elif not deal.is_template and self.random.random() < 0.08:
            writer = self._lead(at, lambda state: state["stage"] == CONVERTED)
            lead = writer.lead if writer else None
        begin_deal(self.book, deal, lead)

    def _convert_lead(self, at: datetime) -> Lead | None:
        writer = self._lead(at, _is_open)
        if writer is None:
            return None
        writer.move(CONVERTED)
        convert(self.book, writer.lead, at)
        return writer.lead

    def _move_lead(self, at: datetime) -> None:
        writer = self._lead(at, _is_open)
        if writer is not None:
            onward = min(writer.stage + 1, 4)
            ways = (onward, self.random.choice((1, 2, 3, 4)), self.random.choice(LOST))
            writer.move(self.random.choices(ways, (5, 2, 3))[0])

    def _reopen_lead(self, at: datetime) -> None:
        """A lost lead is opened again, or moved to another reason."""
        writer = self._lead(at, lambda state: state["stage"] > WON_STAGE)
        if writer is not None:
            writer.move(self.random.choice((1, 2, 3, *LOST)))

    def _edit_lead(self, at: datetime) -> None:
        writer = self._lead(at)
        if writer is not None:
            writer.edit()

    def _delete_lead(self, at: datetime) -> None:
        writer = self._lead(at)
        if writer is not None:
            writer.delete()

    def _restore_lead(self, at: datetime) -> None:
        writer = self._lead(at, is_deleted=True)
        if writer is not None:
            writer.restore()

    def _lead(
        self, at: datetime, fits: Fits = lambda _: True, *, is_deleted: bool = False
    ) -> LeadWriter | None:
        lead = self._some(self.world.leads, at, fits, is_deleted=is_deleted)
        return LeadWriter(self.world, self.random, lead, at, self.evening) if lead else None

    # ---- contacts and companies ----

    def _new_client(self, at: datetime) -> None:
        if self.random.random() < 0.7:
            self.book.new_client(self.random, at)
        else:
            self.book.new_contact(at)

    def _edit_contact(self, at: datetime) -> None:
        self._edit(self._some(self.world.contacts, at), at)

    def _edit_company(self, at: datetime) -> None:
        self._edit(self._some(self.world.companies, at), at)

    def _edit(self, record: Contact | Company | None, at: datetime) -> None:
        if record is not None:
            client_lives.edit(self.world, self.random, record, at, self.evening)

    def _delete_client(self, at: datetime) -> None:
        record = self._some_client(at, is_deleted=False)
        if record is not None and not getattr(record, "is_own", False):
            client_lives.delete(self.world, self.random, record, at, self.evening)

    def _restore_client(self, at: datetime) -> None:
        record = self._some_client(at, is_deleted=True)
        if record is not None:
            client_lives.restore(self.world, self.random, record, at, self.evening)

    def _some_client(self, at: datetime, *, is_deleted: bool) -> Contact | Company | None:
        if self.random.random() < 0.7:
            return self._some(self.world.contacts, at, is_deleted=is_deleted)
        return self._some(self.world.companies, at, is_deleted=is_deleted)

    def _some(
        self, records: Sequence[R], at: datetime, fits: Fits = lambda _: True, *, is_deleted: bool = False
    ) -> R | None:
        """Some record that was left alone since `at` and fits; None if chance finds none."""
        for _ in range(200):
            record = self.random.choice(records)
            if record.changes[-1].at <= at:
                state = record.state_at(at)
                if state["is_deleted"] is is_deleted and "merged_into" not in state and fits(state):
                    return record
        return None


def _is_open(state: dict[str, Value]) -> bool:
    return bool(state["stage"] < WON_STAGE)


def known_clients(world: World) -> list[Client]:
    """The clients that may come again, the oldest first: companies with their people, and single people."""
    people: dict[int | None, list[int]] = {}
    clients: list[tuple[datetime, Client]] = []
    for contact in world.contacts:
        state = contact.state_at(world.now)
        if state["is_deleted"]:
            continue
        if state["companies"]:
            people.setdefault(state["companies"][0], []).append(contact.number)
        else:
            clients.append((contact.created_at, Client(None, (contact.number,))))
    clients += [
        (company.created_at, Client(company.number, tuple(people.get(company.number, ()))))
        for company in world.companies
        if not company.is_own and company.exists_at(world.now)
    ]
    return [client for _, client in sorted(clients, key=lambda item: item[0])]
