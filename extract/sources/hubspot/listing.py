"""All objects of a type by the list, paged by a cursor; in several ranges at once where cursors allow it.

Cursors are documented as opaque. In practice they are ids, in the order of ids: where a first page looks like
that, and no offset could, the list is read from several ids at once, because one page after the other leaves
half of the quota unused. A range that is then refused, empty, out of order, or does not begin where it was
asked to, ends that, and the list is read as documented.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from extract.core.errors import PortalError, RefusedRequestError, SourceError, UnreadableReplyError
from extract.sources.hubspot.api import PAGE, RESULTS, cursor_of, right_page
from extract.sources.hubspot.search import FIRST_ID, id_above, search

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import ThreadPoolExecutor

    from extract.core.http import Requester
    from extract.sources.hubspot.types import ObjectType

RANGES = 4
PAGES_WORTH_SPLITTING = 12
FAR_FROM_OFFSETS = 10  # an id that is so many times the number of records read is none

Record = dict[str, Any]
Range = tuple[str | None, int | None]
"""The cursor to go on from, and the last id that belongs to the range; None is the end of the list."""
WHOLE: Range = (None, None)


class _NotByIdError(RefusedRequestError):
    """The cursor is no id after all."""


class Listing:
    """The list of a type from given ranges on; `ranges` is what is left behind each page handed out."""

    def __init__(
        self,
        requester: Requester,
        type_: ObjectType,
        workers: ThreadPoolExecutor,
        ranges: list[Range],
        properties: Sequence[str],
    ) -> None:
        self._requester, self._workers, self._properties = requester, workers, ",".join(properties)
        self._type, self._label = type_, f"list of {type_.name}"
        self.ranges = ranges

    def pages(self) -> Iterator[list[Record]]:
        """Pages of records with those properties; after a surprise some come twice."""
        try:
            if self.ranges == [WHOLE]:
                yield self._first_page()
            yield from self._in_parallel()
        except PortalError:
            raise
        except SourceError:
            if len(self.ranges) <= 1:
                raise
            self.ranges = [WHOLE]
            yield from self._in_parallel()

    def _first_page(self) -> list[Record]:
        records, following = self._page(None)
        self.ranges = self._split(records, following) if following else []
        return records

    def _split(self, records: list[Record], following: str) -> list[Range]:
        try:
            newest = self._newest_id() if _is_by_id(records, following) else 0
        except PortalError:
            raise
        except SourceError:  # the list does without the search
            newest = 0
        return _ranges(records, following, newest)

    def _in_parallel(self) -> Iterator[list[Record]]:
        waiting = [self._workers.submit(self._page, after) for after, _ in self.ranges]
        seen: set[str] = set()
        turn = 0
        while self.ranges:
            turn %= len(self.ranges)
            after, end = self.ranges[turn]
            records, following = waiting[turn].result()
            if len(self.ranges) > 1:
                _check_order(records, after, self._label)
            if following in seen:
                what = "HubSpot's pages go round in circles."
                raise UnreadableReplyError(what, self._label, "Try again later.")
            if following is None or (end is not None and any(int(r["id"]) > end for r in records)):
                del self.ranges[turn], waiting[turn]
            else:
                seen.add(following)
                self.ranges[turn] = (following, end)
                waiting[turn] = self._workers.submit(self._page, following)
                turn += 1
            yield records

    def _page(self, after: str | None) -> tuple[list[Record], str | None]:
        params: dict[str, Any] = {"limit": PAGE, "properties": self._properties, "archived": "false"}
        body = right_page(
            self._requester, self._type.path, self._label, params | ({"after": after} if after else {})
        )
        return body[RESULTS], cursor_of(body)

    def _newest_id(self) -> int:
        body = {
            "filterGroups": [{"filters": [id_above(FIRST_ID)]}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "DESCENDING"}],
            "properties": ["hs_object_id"],
            "limit": 1,
        }
        results = search(self._requester, self._type, body)[RESULTS]
        return int(results[0]["id"]) if results else 0


def _is_by_id(records: list[Record], following: str) -> bool:
    """Whether the cursor behind a first page is its last id, or the next one, and cannot be an offset."""
    ids = [int(record["id"]) for record in records]
    if not ids or not following.isdigit() or not _is_ordered(ids):
        return False
    return 0 <= int(following) - ids[-1] <= 1 and ids[-1] > FAR_FROM_OFFSETS * len(ids)


def _ranges(records: list[Record], following: str, newest: int) -> list[Range]:
    """Ranges of about equal size, each sharing its first id with the end of the one before."""
    if not newest:
        return [(following, None)]
    first, last = int(records[0]["id"]), int(records[-1]["id"])
    if newest - last < max(1, last - first) * PAGES_WORTH_SPLITTING:
        return [(following, None)]
    width = (newest - last) // RANGES
    starts = [following, *(str(last + width * number) for number in range(1, RANGES))]
    ends: list[int | None] = [int(start) for start in starts[1:]]
    return list(zip(starts, [*ends, None], strict=True))


def _check_order(records: list[Record], after: str | None, label: str) -> None:
    """What a range shows; each holds one object at least, the newest one if no other."""
    ids = [int(record["id"]) for record in records]
    if not ids or not _is_ordered(ids) or (after and ids[0] < int(after)):
        raise _NotByIdError("the cursor is no id.", label)


def _is_ordered(ids: list[int]) -> bool:
    return all(earlier < later for earlier, later in pairwise(ids))
