"""Which way of writing a time this portal's filters understand: the documented one is ignored by some."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from extract.core.errors import NotAvailableError, RefusedRequestError
from extract.sources.bitrix24.api import BitrixPortal, as_map

if TYPE_CHECKING:
    from typing import Any

    from extract.core.http import Requester
    from extract.sources.bitrix24.walks import KeyedList

DateFormat = Callable[[datetime], str]
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SUMMER_TIME = timedelta(hours=1)


def iso_with_offset(zone: timezone) -> DateFormat:
    """As the documentation writes it, in the portal's own zone.

    Some portals read the time and drop the offset. In their own zone that changes nothing; in UTC a portal
    west of Greenwich would take the moment for a later one, and show none of the changes in between.
    """
    return lambda moment: moment.astimezone(zone).isoformat(timespec="seconds")


def in_server_time(zone: timezone) -> DateFormat:
    """Without an offset, which the portal reads as its own local time; an hour early.

    `zone` is today's. A moment before the clocks went forward had another offset, and would be written an
    hour late; what is read twice lands once.
    """
    return lambda moment: (moment.astimezone(zone) - SUMMER_TIME).strftime("%Y-%m-%d %H:%M:%S")


def accepted_format(
    portal: BitrixPortal, requester: Requester, now: datetime, listed: KeyedList, changed: str
) -> DateFormat | None:
    """The format by which tomorrow gives no row and the year 2000 gives some; None if no format does.

    Lists of one method share what was found out; `changed` is the field that tells when a row was changed.
    """
    with portal.probing(listed.method):
        if listed.method not in portal.formats:
            probe = _Probe(portal, requester, listed, changed, now)
            body = _page(portal, requester, listed)
            formats = (iso_with_offset(_zone(body)), in_server_time(_zone(body)))
            if not listed.rows(body["result"]):  # nothing to miss, but a refused filter would be an error
                return next((one for one in formats if probe.shows_nothing_of_tomorrow(one)), None)
            portal.formats[listed.method] = next((one for one in formats if probe.passes(one)), None)
        found: DateFormat | None = portal.formats[listed.method]
        return found


@dataclass(frozen=True)
class _Probe:
    """Tries formats on the first page of a list."""

    portal: BitrixPortal
    requester: Requester
    listed: KeyedList
    changed: str
    now: datetime

    def passes(self, written_so: DateFormat) -> bool:
        """Whether the filter works."""
        return self.shows_nothing_of_tomorrow(written_so) and bool(self._count(written_so(LONG_AGO)))

    def shows_nothing_of_tomorrow(self, written_so: DateFormat) -> bool:
        """Whether the filter is understood, as far as a list that may be empty can tell."""
        return self._count(written_so(self.now + timedelta(days=1))) == 0

    def _count(self, moment: str) -> int | None:
        """The rows changed since then; None where the portal refuses a moment that is written so."""
        chosen = replace(self.listed, filter={f">={self.changed}": moment})
        try:
            body = _page(self.portal, self.requester, chosen)
        except RefusedRequestError:
            return None
        return len(self.listed.rows(body["result"]))


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


def _page(portal: BitrixPortal, requester: Requester, listed: KeyedList) -> dict[str, Any]:
    command = listed.command(0)
    return portal.call(requester, command.method, command.params)


def _zone(body: dict[str, Any]) -> timezone:
    text = as_map(body.get("time")).get("date_start")
    offset = datetime.fromisoformat(text).utcoffset() if isinstance(text, str) else None
    return timezone(offset or timedelta())
