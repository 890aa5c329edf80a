"""Which objects of a type changed since some time, by the search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract.core.errors import UnreadableReplyError
from extract.core.http import Request
from extract.sources.hubspot.api import RESULTS
from extract.sources.hubspot.records import newest_change

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from extract.core.http import Requester
    from extract.sources.hubspot.types import ObjectType

    Record = dict[str, Any]

TOO_MANY_CHANGES = 50_000
SEARCH_PAGE = 200
REPEATS = 3
FIRST_ID = 0


class Found:
    """What a search finds.

    Afterwards `is_short` tells whether it gave less than it had announced, and `newest` when the last of the
    changes was.

    Every page asks for ids behind the last one instead of an offset: offsets end at 10,000, and slip when a
    record leaves the window while it is read.
    """

    def __init__(self, requester: Requester, type_: ObjectType, *conditions: dict[str, str]) -> None:
        self._requester, self._type, self._conditions = requester, type_, conditions
        self.total, self._first = self._page(FIRST_ID)
        self._given = 0
        self.newest: datetime | None = None

    @property
    def is_short(self) -> bool:
        """Whether ids are missing of those that the first page counted."""
        return self._given < self.total

    def pages(self) -> Iterator[list[Record]]:
        """Pages of records with their times of creation and of change."""
        page = self._first
        while page:
            self._given += len(page)
            self.newest = newest_change(page, self._type, self.newest)
            yield page
            _, page = self._page(int(page[-1]["id"]))

    def _page(self, last: int) -> tuple[int, list[Record]]:
        type_ = self._type
        body = {
            "filterGroups": [{"filters": [*self._conditions, id_above(last)]}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": list(type_.identifying),
            "limit": SEARCH_PAGE,
        }
        for turn in range(REPEATS):
            if turn:
                self._requester.rest(turn)
            reply = search(self._requester, type_, body)
            total, page = int(reply.get("total") or 0), reply[RESULTS]
            numbers = [int(record["id"]) for record in page]
            is_whole = bool(numbers) or total == 0
            if is_whole and numbers == sorted(set(numbers)) and (not numbers or numbers[0] > last):
                return total, page
        raise UnreadableReplyError("HubSpot repeats pages.", _label(type_), "Try again later.")


def search(requester: Requester, type_: ObjectType, body: dict[str, Any]) -> dict[str, Any]:
    """The reply to one search."""
    path = f"{type_.path}/search"
    request = Request("POST", path, _label(type_), limit="search", body=body, holds=RESULTS)
    reply: dict[str, Any] = requester.send(request).body
    return reply


def changed_since(type_: ObjectType, since: datetime) -> dict[str, str]:
    """The condition that an object was changed then or later."""
    return _condition(type_.modified, "GTE", _milliseconds(since))


def changed_before(type_: ObjectType, until: datetime) -> dict[str, str]:
    """The condition that an object was last changed earlier."""
    return _condition(type_.modified, "LT", _milliseconds(until))


def id_above(last: int) -> dict[str, str]:
    """The condition that the id of an object is a greater one."""
    return _condition("hs_object_id", "GT", str(last))


def _label(type_: ObjectType) -> str:
    return f"search of {type_.name}"


def _condition(name: str, operator: str, value: str) -> dict[str, str]:
    return {"propertyName": name, "operator": operator, "value": value}


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))
