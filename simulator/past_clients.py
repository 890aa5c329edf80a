"""Two years of leads and clients before the first load, woven around the births of the deals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from simulator import lead_writer
from simulator.client_book import ClientBook
from simulator.enquiries import arrive, begin_deal, conversions, convert
from simulator.lead_lives import live, live_until_converted
from simulator.origins import ORIGINS

if TYPE_CHECKING:
    from simulator.model import Lead, World

LEADS_AT_SIZE_ONE = 4000
LONE_CONTACTS_AT_SIZE_ONE = 1300
LONE_COMPANIES_AT_SIZE_ONE = 280
SHARE_OF_DEALS_FROM_LEADS = 0.31
SHARE_OF_SECOND_DEALS = 0.1

Event = tuple[datetime, int, Callable[[], object]]


def live_through(world: World) -> None:
    """Fill in leads, contacts and companies, and the deals' links to them."""
    world.lead_stages, world.origins = list(lead_writer.STAGES), list(ORIGINS)
    book = ClientBook(world)
    book.new_company(world.start, is_own=True)
    leads_of_deals = _make_leads(world)
    events = _lead_events(book)
    for deal in world.deals:
        events.append((deal.created_at, 2, partial(begin_deal, book, deal, leads_of_deals.get(deal.number))))
    random = Random(f"{world.seed}:lone clients")
    for count, enter in (
        (LONE_CONTACTS_AT_SIZE_ONE, book.new_contact),
        (LONE_COMPANIES_AT_SIZE_ONE, book.new_company),
    ):
        moments = [some_moment(world, random) for _ in range(round(count * world.size))]
        events += [(at, 3, partial(enter, at)) for at in moments]
    for _, _, event in sorted(events, key=lambda event: event[:2]):
        event()


def some_moment(world: World, random: Random) -> datetime:
    """Some moment since the records begin, mostly at a working hour."""
    at = world.start + timedelta(seconds=random.randint(0, int((world.now - world.start).total_seconds())))
    daytime = at.replace(hour=random.randint(6, 17))
    return daytime if random.random() < 0.8 and world.start <= daytime <= world.now else at


def _lead_events(book: ClientBook) -> list[Event]:
    events: list[Event] = []
    for lead in book.world.leads:
        events.append((lead.created_at, 0, partial(arrive, book, lead)))
        events += [(at, 1, partial(convert, book, lead, at)) for at in conversions(lead)]
    return events


def _make_leads(world: World) -> dict[int, Lead]:
    """Every lead, and the leads that deals came out of, by number of the deal."""
    plans: list[tuple[datetime, int]] = []
    for deal in world.deals:
        random = Random(f"{world.seed}:lead of deal:{deal.number}")
        is_old_enough = deal.created_at > world.start + timedelta(days=1)
        if is_old_enough and not deal.is_template and random.random() < SHARE_OF_DEALS_FROM_LEADS:
            plans.append((lead_writer.start_of_life(deal.created_at, random, world.start), deal.number))
    random = Random(f"{world.seed}:lone leads")
    lone = round(LEADS_AT_SIZE_ONE * world.size) - len(plans)
    plans += [(some_moment(world, random), 0) for _ in range(lone)]
    found: dict[int, Lead] = {}
    for number, (at, deal_number) in enumerate(sorted(plans), start=1):
        if deal_number:
            converted_at = world.deals[deal_number - 1].created_at
            found[deal_number] = live_until_converted(world, number, at, converted_at)
            world.leads.append(found[deal_number])
        else:
            world.leads.append(live(world, number, at, world.now))
    return found | _second_deals(world, found, random)


def _second_deals(world: World, found: dict[int, Lead], random: Random) -> dict[int, Lead]:
    second: dict[int, Lead] = {}
    for number, lead in found.items():
        other = number + random.randint(1, 40)
        is_free = other <= len(world.deals) and other not in found and other not in second
        if random.random() < SHARE_OF_SECOND_DEALS and is_free and not world.deals[other - 1].is_template:
            second[other] = lead
    return second
