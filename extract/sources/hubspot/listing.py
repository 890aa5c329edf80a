"""All objects of a type by the list, paged by a cursor; in several ranges at once where cursors allow it.

Cursors are documented as opaque. In practice they are ids, in the order of ids: where a first page looks like
that, the list is read from several ids at once, because one page after the other leaves half of the quota
unused. A range that then does not begin where it was asked to, or is out of order, ends that, and the list is
read as documented.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from extract.core.errors import RefusedRequestError
from extract.core.http import Request
from extract.sources.hubspot.api import PAGE, right_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import ThreadPoolExecutor

    from extract.core.http import Requester
    from extract.sources.hubspot.types import ObjectType

RANGES = 4
PAGES_WORTH_SPLITTING = 12

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
        properties: Sequence[str] = ("hs_object_id",),
    ) -> None:
        self._requester, self._workers, self._properties = requester, workers, ",".join(properties)
        self._path, self._label = type_.path, f"list of {type_.name}"
        self.ranges = ranges

    def pages(self) -> Iterator[list[Record]]:
        """Pages of records with those properties; after a surprise some come twice."""
        try:
            if self.ranges == [WHOLE]:
                yield self._first_page()
            yield from self._in_parallel()
        except RefusedRequestError:
            if len(self.ranges) <= 1:
                raise
            self.ranges = [WHOLE]
            yield from self._in_parallel()

    def _first_page(self) -> list[Record]:
        records, following = self._page(None)
        self.ranges = _split(records, following, self._newest_id()) if following else []
        return records

    def _in_parallel(self) -> Iterator[list[Record]]:
        waiting = [self._workers.submit(self._page, after) for after, _ in self.ranges]
        turn = 0
        while self.ranges:
            turn %= len(self.ranges)
            after, end = self.ranges[turn]
            records, following = waiting[turn].result()
            if len(self.ranges) > 1:
                _check_order(records, after, self._label)
            is_over = following is None or (end is not None and any(int(r["id"]) > end for r in records))
            if is_over:
                del self.ranges[turn], waiting[turn]
            else:
                self.ranges[turn] = (following, end)
                waiting[turn] = self._workers.submit(self._page, following)
                turn += 1
            yield records

    def _page(self, after: str | None) -> tuple[list[Record], str | None]:
        params: dict[str, Any] = {"limit": PAGE, "properties": self._properties, "archived": "false"}
        body = right_page(
            self._requester, self._path, self._label, params | ({"after": after} if after else {})
        )
        return body.get("results", []), body.get("paging", {}).get("next", {}).get("after")

    def _newest_id(self) -> int:
        body = {
            "sorts": [{"propertyName": "hs_object_id", "direction": "DESCENDING"}],
            "properties": ["hs_object_id"],
            "limit": 1,
        }
        request = Request(
            "POST", f"{self._path}/search", f"newest of the {self._label}", limit="search", body=body
        )
        results = self._requester.send(request).body.get("results", [])
        return int(results[0]["id"]) if results else 0


def _split(records: list[Record], following: str, newest: int) -> list[Range]:
    """Ranges of about equal size, each sharing its first id with the end of the one before."""
    ids = [int(record["id"]) for record in records]
    is_by_id = following.isdigit() and 0 <= int(following) - ids[-1] <= 1 and _is_ordered(ids)
    per_page = max(1, ids[-1] - ids[0])
    if not is_by_id or newest - ids[-1] < per_page * PAGES_WORTH_SPLITTING:
        return [(following, None)]
    width = (newest - ids[-1]) // RANGES
    starts = [following, *(str(ids[-1] + width * number) for number in range(1, RANGES))]
    ends: list[int | None] = [int(start) for start in starts[1:]]
    return list(zip(starts, [*ends, None], strict=True))


def _check_order(records: list[Record], after: str | None, label: str) -> None:
    ids = [int(record["id"]) for record in records]
    if not _is_ordered(ids) or (ids and after and ids[0] < int(after)):
        raise _NotByIdError("the cursor is no id.", label)


def _is_ordered(ids: list[int]) -> bool:
    return all(earlier < later for earlier, later in pairwise(ids))
