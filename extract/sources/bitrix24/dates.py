"""Which way of writing a time this portal's filters understand: the documented one is ignored by some."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from extract.core.errors import NotAvailableError
from extract.sources.bitrix24.api import BitrixPortal, Command, as_map

if TYPE_CHECKING:
    from extract.core.http import Requester

DateFormat = Callable[[datetime], str]
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def iso_with_offset(moment: datetime) -> str:
    """As the documentation writes it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def in_server_time(zone: timezone) -> DateFormat:
    """Without an offset, which the portal reads as its own local time."""
    return lambda moment: moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def accepted_format(portal: BitrixPortal, requester: Requester, now: datetime) -> DateFormat | None:
    """The format by which tomorrow gives no deal and the year 2000 gives some; None if no format does."""
    body = portal.call(requester, "crm.item.list", _params({}))
    if not as_map(body["result"]).get("items"):
        return iso_with_offset  # nothing to filter, nothing to miss
    for candidate in (iso_with_offset, in_server_time(_zone(body))):
        if _passes(portal, requester, candidate, now):
            return candidate
    return None


def written(moment: datetime, accepted: DateFormat | None, connection: str) -> str:
    """A moment for a filter of this portal."""
    if accepted is None:
        raise NotAvailableError(
            "the portal ignores filters by date.",
            f"connection {connection!r}, deals",
            "Remove start_date, and extract without --since.",
        )
    return accepted(moment)


def created_since(start: date | None, accepted: DateFormat | None, connection: str) -> dict[str, str]:
    """The filter that leaves out what is older than the connection's start date."""
    if start is None:
        return {}
    midnight = datetime.combine(start, time.min, UTC)
    return {">=createdTime": written(midnight, accepted, connection)}


def _passes(portal: BitrixPortal, requester: Requester, candidate: DateFormat, now: datetime) -> bool:
    moments = (now + timedelta(days=1), LONG_AGO)
    commands = [Command("crm.item.list", _params({">=updatedTime": candidate(moment)})) for moment in moments]
    counts = []
    for command in commands:
        body = portal.call(requester, command.method, command.params)
        counts.append(len(as_map(body["result"]).get("items") or []))
    return counts[0] == 0 and counts[1] > 0


def _params(condition: dict[str, str]) -> dict[str, object]:
    return {"entityTypeId": 2, "select": ["id"], "filter": condition, "order": {"id": "ASC"}, "start": -1}


def _zone(body: dict[str, object]) -> timezone:
    text = as_map(body.get("time")).get("date_start")
    offset = datetime.fromisoformat(text).utcoffset() if isinstance(text, str) else None
    return timezone(offset or timedelta())
