"""What `dealhouse connect` wants to know about a Bitrix24 portal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from extract.core.errors import SourceError
from extract.core.probe import Finding
from extract.sources.bitrix24.api import REQUESTS_PER_SECOND, BitrixPortal, as_map, server_time_of
from extract.sources.bitrix24.dates import accepted_format, iso_with_offset
from extract.sources.bitrix24.deals import DEAL_IDS
from extract.sources.bitrix24.history import HISTORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.core.http import Requester
    from extract.core.settings import Connection

METHODS = {
    "deals": ("crm.item.list", DEAL_IDS.command(0).params),
    "deal_stage_history": ("crm.stagehistory.list", HISTORY.command(0).params),
    "pipelines": ("crm.category.list", {"entityTypeId": 2}),
    "statuses": ("crm.status.list", {}),
    "users": ("user.get", {}),
    "departments": ("department.get", {}),
    "deal_fields": ("crm.item.fields", {"entityTypeId": 2}),
    "currencies": ("crm.currency.list", {}),
}
TOLERATED_SECONDS = 60


def probe(connection: Connection) -> list[Finding]:
    """Webhook and its owner, clock, rights per entity, quota, date filters."""
    portal = BitrixPortal(connection)
    try:
        return list(_findings(portal, portal.requester(), connection))
    finally:
        portal.close()


def _findings(portal: BitrixPortal, requester: Requester, connection: Connection) -> Iterator[Finding]:
    try:
        body = portal.call(requester, "profile", {})
    except SourceError as error:
        yield Finding("token", is_ok=False, detail=error.what, advice=error.next_step)
        return
    yield from _owner(as_map(body["result"]))
    ahead = (server_time_of(body) - datetime.now(UTC)).total_seconds()
    yield Finding(
        "clock",
        is_ok=abs(ahead) < TOLERATED_SECONDS,
        detail=f"the portal is {ahead:+.0f} s ahead of this machine",
        advice="Set this machine's clock; extraction goes by the portal's.",
        is_needed=False,
    )
    for entity, (method, params) in METHODS.items():
        yield _right(portal, requester, entity, (method, dict(params)))
    yield Finding(
        "quota",
        is_ok=True,
        detail=f"{connection.requests_per_second or REQUESTS_PER_SECOND:g} requests a second,"
        f" {portal.execution.limit_seconds:g} s of execution per method in ten minutes",
        advice="Enterprise portals allow requests_per_second: 5.",
    )
    yield _date_filter(portal, requester)


def _owner(profile: dict[str, object]) -> Iterator[Finding]:
    name = " ".join(str(profile.get(part) or "") for part in ("NAME", "LAST_NAME")).strip()
    yield Finding(
        "token", is_ok=True, detail=f"the webhook belongs to {name or 'user'} (id {profile.get('ID')})"
    )
    yield Finding(
        "administrator",
        is_ok=bool(profile.get("ADMIN")),
        detail="the owner is an administrator" if profile.get("ADMIN") else "the owner is no administrator",
        advice="Records the owner may not read are silently absent: let an administrator own the webhook.",
    )


def _right(
    portal: BitrixPortal, requester: Requester, entity: str, asked: tuple[str, dict[str, object]]
) -> Finding:
    try:
        portal.call(requester, *asked)
    except SourceError as error:
        return Finding(entity, is_ok=False, detail=error.what, advice=error.next_step)
    return Finding(entity, is_ok=True, detail="readable")


def _date_filter(portal: BitrixPortal, requester: Requester) -> Finding:
    advice = "Every cycle will read all deals."
    try:
        accepted = accepted_format(portal, requester, server_time_of(portal.call(requester, "profile", {})))
    except SourceError as error:
        return Finding("date filter", is_ok=False, detail=error.what, advice=error.next_step)
    if accepted is None:
        return Finding("date filter", is_ok=False, detail="the portal ignores filters by date", advice=advice)
    shape = "with an offset" if accepted is iso_with_offset else "in server time, without an offset"
    return Finding("date filter", is_ok=True, detail=f"understands times {shape}")
