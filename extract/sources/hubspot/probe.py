"""What `dealhouse connect` wants to know about a HubSpot account."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from extract.core.errors import SourceError
from extract.core.probe import Finding, clock, mapped_fields
from extract.sources.hubspot.api import VERSION, HubSpotPortal, get, rows, server_time_of
from extract.sources.hubspot.associations import ASSOCIATIONS, Pair, check_right
from extract.sources.hubspot.dictionaries import TEAMS
from extract.sources.hubspot.search import Found, changed_since
from extract.sources.hubspot.types import (
    CALLS,
    COMPANIES,
    CONTACTS,
    DEALS,
    LEADS,
    OPTIONAL,
    TYPES,
    ObjectType,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.core.http import Requester
    from extract.core.settings import Connection

DICTIONARY_PATHS = {
    "pipelines": f"crm/pipelines/{VERSION}/deals",
    "owners": f"crm/owners/{VERSION}",
    "teams": TEAMS,
    "exchange_rates": f"settings/currencies/{VERSION}/exchange-rates",
}
PROPERTIES = {
    "deal_properties": DEALS,
    "lead_properties": LEADS,
    "contact_properties": CONTACTS,
    "company_properties": COMPANIES,
    "call_properties": CALLS,
}
# The one field of HubSpot's own that may be mapped.
LOSS_REASON = "closed_lost_reason"

Question = Callable[["Requester"], Any]
"""Asks for a little of an entity."""


def probe(connection: Connection) -> list[Finding]:
    """Token, clock, scopes per entity, quota, date filters."""
    portal = HubSpotPortal(connection)
    try:
        return list(_findings(connection, portal, portal.requester()))
    finally:
        portal.close()


def _findings(connection: Connection, portal: HubSpotPortal, requester: Requester) -> Iterator[Finding]:
    try:
        reply = portal.details(requester)
    except SourceError as error:
        yield Finding("token", is_ok=False, detail=error.what, advice=error.next_step)
        return
    account = reply.body
    yield Finding(
        "token", is_ok=True, detail=f"account {account.get('portalId')} ({account.get('accountType')})"
    )
    now = server_time_of(reply)
    ahead = (now - datetime.now(UTC)).total_seconds()
    yield clock("HubSpot", ahead)
    yield Finding("account", is_ok=True, detail="readable")
    for entity, ask in _questions(connection).items():
        yield _right(requester, entity, ask)
    if connection.mappings.loss_reason or connection.mappings.competitor:
        yield from _mapped_fields(requester, connection)
    yield Finding(
        "quota", is_ok=True, detail=f"{portal.per_ten_seconds:g} requests in 10 s, 5 searches a second"
    )
    yield _date_filter(requester, now)


def _questions(connection: Connection) -> dict[str, Question]:
    """What to ask to learn whether an entity may be read; leads only where they are objects."""
    questions: dict[str, Question] = {}
    for type_ in TYPES:
        if type_.is_read_from(connection):
            questions[type_.name] = _get(type_.path)
            if type_.history:
                questions[type_.history_entity] = _get(type_.path, propertiesWithHistory=type_.history[0])
    for associations in ASSOCIATIONS:
        pairs = [
            pair
            for pair in associations.pairs
            if associations.is_needed(pair) and all(type_.is_read_from(connection) for type_ in pair)
        ]
        if pairs:
            questions[associations.name] = partial(_associated, pairs)
    for name, type_ in PROPERTIES.items():
        if type_.is_read_from(connection):
            questions[name] = _get(f"crm/properties/{VERSION}/{type_.name}")
    return questions | {name: _get(path) for name, path in DICTIONARY_PATHS.items()}


def _get(path: str, **params: str) -> Question:
    return lambda requester: get(requester, path, path, {"limit": 1, **params})


def _associated(pairs: list[Pair], requester: Requester) -> None:
    """One question for each type on either side: rights are given by type."""
    asked: set[ObjectType] = set()
    for pair in pairs:
        if not asked.issuperset(pair):
            check_right(requester, pair)
            asked.update(pair)


def _right(requester: Requester, entity: str, ask: Question) -> Finding:
    try:
        ask(requester)
    except SourceError as error:
        is_needed = entity not in OPTIONAL
        return Finding(entity, is_ok=False, detail=error.what, advice=error.next_step, is_needed=is_needed)
    return Finding(entity, is_ok=True, detail="readable")


def _mapped_fields(requester: Requester, connection: Connection) -> Iterator[Finding]:
    labels: dict[str, str] = {}
    for type_ in (DEALS, LEADS):
        path = f"crm/properties/{VERSION}/{type_.name}"
        # What may not be read is told as a missing right already.
        with suppress(SourceError):
            labels |= {
                row["name"]: row.get("label") or row["name"]
                for row in rows(requester, path, path)
                if row["name"] == LOSS_REASON or not row.get("hubspotDefined")
            }
    yield from mapped_fields(connection, labels)


def _date_filter(requester: Requester, now: datetime) -> Finding:
    try:
        is_empty = not Found(requester, DEALS, changed_since(DEALS, now + timedelta(days=1))).total
    except SourceError as error:
        return Finding("date filter", is_ok=False, detail=error.what, advice=error.next_step)
    detail = "the search understands times" if is_empty else "the search ignores times"
    return Finding("date filter", is_ok=is_empty, detail=detail, advice="Please report it.")
