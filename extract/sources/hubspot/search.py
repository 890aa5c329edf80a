"""Which objects of a type changed in a window of time, by the search."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import chain
from typing import TYPE_CHECKING, Any

from extract.core.errors import UnreadableReplyError
from extract.core.http import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.core.http import Requester
    from extract.sources.hubspot.types import ObjectType

TOO_MANY_CHANGES = 50_000
SEARCH_PAGE = 200
REPEATS = 3


def changed_ids(
    requester: Requester, type_: ObjectType, since: datetime, until: datetime, start_date: date | None
) -> Iterator[list[str]] | None:
    """Ids of what changed from `since` to before `until`; None when they are too many to search for.

    Every page asks for ids behind the last one instead of an offset: offsets end at 10,000, and slip when a
    record leaves the window while it is read.
    """
    filters = [
        _condition(type_.modified, "GTE", _milliseconds(since)),
        _condition(type_.modified, "LT", _milliseconds(until)),
    ]
    if start_date:
        midnight = datetime.combine(start_date, time.min, UTC)
        filters.append(_condition(type_.created, "GTE", _milliseconds(midnight)))
    total, ids = _page(requester, type_, filters, 0)
    if total > TOO_MANY_CHANGES:
        return None
    return chain([ids] if ids else [], _behind(requester, type_, filters, ids))


def _behind(
    requester: Requester, type_: ObjectType, filters: list[dict[str, str]], ids: list[str]
) -> Iterator[list[str]]:
    while ids:
        _, ids = _page(requester, type_, filters, int(ids[-1]))
        if ids:
            yield ids


def _page(
    requester: Requester, type_: ObjectType, filters: list[dict[str, str]], last: int
) -> tuple[int, list[str]]:
    body = {
        "filterGroups": [{"filters": [*filters, _condition("hs_object_id", "GT", str(last))]}],
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        "properties": ["hs_object_id"],
        "limit": SEARCH_PAGE,
    }
    path, label = f"{type_.path}/search", f"search of {type_.name}"
    for _ in range(REPEATS):
        reply: dict[str, Any] = requester.send(Request("POST", path, label, limit="search", body=body)).body
        numbers = [int(record["id"]) for record in reply.get("results", [])]
        if numbers == sorted(set(numbers)) and (not numbers or numbers[0] > last):
            return int(reply.get("total", 0)), [str(number) for number in numbers]
    raise UnreadableReplyError("HubSpot repeats pages.", label, "Try again later.")


def _condition(name: str, operator: str, value: str) -> dict[str, str]:
    return {"propertyName": name, "operator": operator, "value": value}


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))
