"""Which way of writing a time this portal's filters understand: the documented one is ignored by some."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from extract.core.errors import NotAvailableError
from extract.sources.bitrix24.api import BitrixPortal, as_map

if TYPE_CHECKING:
    from typing import Any

    from extract.core.http import Requester
    from extract.sources.bitrix24.walks import KeyedList

DateFormat = Callable[[datetime], str]
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def iso_with_offset(moment: datetime) -> str:
    """As the documentation writes it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def in_server_time(zone: timezone) -> DateFormat:
    """Without an offset, which the portal reads as its own local time."""
    return lambda moment: moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def accepted_format(
    portal: BitrixPortal, requester: Requester, now: datetime, listed: KeyedList, changed: str
) -> DateFormat | None:
    """The format by which tomorrow gives no row and the year 2000 gives some; None if no format does.

    Lists of one method share what was found out; `changed` is the field that tells when a row was changed.
    """
    with portal.probing:
        if listed.method not in portal.formats:
            body = _page(portal, requester, listed)
            if not listed.rows(body["result"]):
                return iso_with_offset  # nothing to filter, nothing to miss
            formats = (iso_with_offset, in_server_time(_zone(body)))
            passing = (one for one in formats if _passes(portal, requester, listed, (changed, one, now)))
            portal.formats[listed.method] = next(passing, None)
        found: DateFormat | None = portal.formats[listed.method]
        return found


def written(moment: datetime, accepted: DateFormat | None, where: str) -> str:
    """A moment for a filter of this portal; `where` names connection and entity."""
    if accepted is None:
        raise NotAvailableError(
            "the portal ignores filters by date.", where, "Remove start_date, and extract without --since."
        )
    return accepted(moment)


def since_day(start: date, accepted: DateFormat | None, where: str) -> str:
    """The first moment of a connection's start date, for a filter."""
    return written(datetime.combine(start, time.min, UTC), accepted, where)


def _passes(
    portal: BitrixPortal,
    requester: Requester,
    listed: KeyedList,
    candidate: tuple[str, DateFormat, datetime],
) -> bool:
    changed, written_so, now = candidate
    counts = []
    for moment in (now + timedelta(days=1), LONG_AGO):
        chosen = replace(listed, filter={f">={changed}": written_so(moment)})
        counts.append(len(listed.rows(_page(portal, requester, chosen)["result"])))
    return counts[0] == 0 and counts[1] > 0


def _page(portal: BitrixPortal, requester: Requester, listed: KeyedList) -> dict[str, Any]:
    command = listed.command(0)
    return portal.call(requester, command.method, command.params)


def _zone(body: dict[str, Any]) -> timezone:
    text = as_map(body.get("time")).get("date_start")
    offset = datetime.fromisoformat(text).utcoffset() if isinstance(text, str) else None
    return timezone(offset or timedelta())
