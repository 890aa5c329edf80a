"""What `dealhouse connect` wants to know about a HubSpot account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from extract.core.errors import SourceError
from extract.core.probe import Finding
from extract.sources.hubspot.api import VERSION, HubSpotPortal, get, server_time_of
from extract.sources.hubspot.search import changed_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.core.http import Requester
    from extract.core.settings import Connection

PATHS: dict[str, tuple[str, dict[str, object]]] = {
    "deals": (f"crm/objects/{VERSION}/deals", {"limit": 1}),
    "deal_property_history": (
        f"crm/objects/{VERSION}/deals",
        {"limit": 1, "propertiesWithHistory": "dealstage"},
    ),
    "pipelines": (f"crm/pipelines/{VERSION}/deals", {}),
    "owners": (f"crm/owners/{VERSION}", {"limit": 1}),
    "deal_properties": (f"crm/properties/{VERSION}/deals", {}),
    "exchange_rates": (f"settings/currencies/{VERSION}/exchange-rates", {"limit": 1}),
}
TOLERATED_SECONDS = 60


def probe(connection: Connection) -> list[Finding]:
    """Token, clock, scopes per entity, quota, date filters."""
    portal = HubSpotPortal(connection)
    try:
        return list(_findings(portal, portal.requester()))
    finally:
        portal.close()


def _findings(portal: HubSpotPortal, requester: Requester) -> Iterator[Finding]:
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
    yield Finding(
        "clock",
        is_ok=abs(ahead) < TOLERATED_SECONDS,
        detail=f"HubSpot is {ahead:+.0f} s ahead of this machine",
        advice="Set this machine's clock; extraction goes by the portal's.",
        is_needed=False,
    )
    yield Finding("account", is_ok=True, detail="readable")
    for entity, (path, params) in PATHS.items():
        yield _right(requester, entity, path, dict(params))
    yield Finding(
        "quota", is_ok=True, detail=f"{portal.per_ten_seconds:g} requests in 10 s, 5 searches a second"
    )
    yield _date_filter(requester, now)


def _right(requester: Requester, entity: str, path: str, params: dict[str, object]) -> Finding:
    try:
        get(requester, path, entity, params)
    except SourceError as error:
        return Finding(entity, is_ok=False, detail=error.what, advice=error.next_step)
    return Finding(entity, is_ok=True, detail="readable")


def _date_filter(requester: Requester, now: datetime) -> Finding:
    tomorrow = now + timedelta(days=1)
    try:
        found = changed_ids(requester, tomorrow, tomorrow + timedelta(days=1), None)
        is_empty = found is not None and not next(found, [])
    except SourceError as error:
        return Finding("date filter", is_ok=False, detail=error.what, advice=error.next_step)
    detail = "the search understands times" if is_empty else "the search ignores times"
    return Finding("date filter", is_ok=is_empty, detail=detail, advice="Please report it.")
