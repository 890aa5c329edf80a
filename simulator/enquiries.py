"""How enquiries and deals come to their clients: at their birth, and when a lead is converted."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from simulator.changing import set_values
from simulator.client_book import Client, ClientBook
from simulator.lead_writer import CONVERTED
from simulator.origins import NO_TRACES, traces

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.model import Deal, Lead, Value


def arrive(book: ClientBook, lead: Lead) -> None:
    """Some enquiries come from clients known already; one in twelve brings a new person at once."""
    random = Random(f"{book.world.seed}:enquiry:{lead.number}")
    chance = random.random()
    if chance < 0.25 and book.clients:
        client = book.known_client(random)
    elif chance < 0.33:
        client = book.new_client(random, lead.created_at)
    else:
        return
    set_values(lead, lead.created_at, lead.created_by, client.links)


def conversions(lead: Lead) -> list[datetime]:
    """When it was converted."""
    return [change.at for change in lead.changes if change.name == "stage" and change.value == CONVERTED]


def convert(book: ClientBook, lead: Lead, at: datetime) -> None:
    """A converted lead has a client: the one it had, or a new one that takes over where it came from."""
    state = lead.state_at(at)
    if state["company"] or state["contacts"]:
        return
    random = Random(f"{book.world.seed}:conversion:{lead.number}:{at.isoformat()}")
    client = book.new_client(random, at)
    by = next(change.by for change in reversed(lead.changes) if change.at <= at)
    set_values(lead, at, by, dict(client.links))
    for number in client.contacts:
        contact = book.world.contacts[number - 1]
        if random.random() < 0.5:
            set_values(contact, at, contact.created_by, {name: state[name] for name in NO_TRACES})


def begin_deal(book: ClientBook, deal: Deal, lead: Lead | None) -> None:
    """Tell a newborn deal whose it is and where it came from; a later one of a lead may forget the source."""
    random = Random(f"{book.world.seed}:client of deal:{deal.number}")
    values: dict[str, Value] = {"lead": None, **traces(random, 0.55)}
    if lead is None:
        client = book.some_client(random, deal.created_at)
    else:
        state = lead.state_at(deal.created_at)
        client = Client(state["company"], state["contacts"])
        values = {"lead": lead.number, **NO_TRACES}
        if random.random() < 0.5:
            values |= {name: state[name] for name in NO_TRACES}
    values |= {**client.links, "loss_reason": None, "competitor": None}
    set_values(deal, deal.created_at, deal.changes[0].by, values)
