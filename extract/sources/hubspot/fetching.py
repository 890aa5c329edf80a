"""Objects read by id, many at once, as pages to land; and what is left to be read another time."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from extract.core.errors import UnreadableReplyError
from extract.core.source import Step
from extract.sources.hubspot.records import Batches, Record, merged_ids, pages_of, property_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future, ThreadPoolExecutor

    from extract.core.source import Reading
    from extract.sources.hubspot.types import ObjectType

PAGES_AHEAD = 24
PART = 200
MOST_UNREAD = 1_000  # objects that cannot be read, before the whole type counts as unreadable

Batch = tuple[list[Record], list[str]]
"""Objects that were read together, and the ids of those that were not given."""


class Fetch:
    """What one cycle reads of a type of objects.

    Attributes:
        properties: The names of the properties that are asked for.
        merged: The ids that were merged into what was read.
        read_ids: What was read, landed already or not.
        unread: The ids of objects that could not be read or understood, in order.
    """

    def __init__(self, reading: Reading, type_: ObjectType, workers: ThreadPoolExecutor) -> None:
        self._reading, self._type, self._workers = reading, type_, workers
        self.properties = property_names(reading.requester, type_)
        self._batches = partial(Batches, reading.requester, type_, self.properties)
        self.merged: set[str] = set()
        self.read_ids: set[str] = set()
        self.unread: dict[str, None] = {}

    def these(self, ids: list[str], *, is_archived: bool = False) -> Iterator[Step]:
        """Read objects that exist, or that lie in the recycle bin."""
        parts = ((ids[start : start + PART], None) for start in range(0, len(ids), PART))
        return self.listed(parts, is_archived=is_archived)

    def listed(
        self, listed: Iterable[tuple[list[str], dict[str, Any] | None]], *, is_archived: bool = False
    ) -> Iterator[Step]:
        """Read objects in parallel, handing them on in the order of the list with the state behind each."""
        read = self._batches(is_archived=is_archived).read
        waiting: deque[tuple[list[Future[Batch]], dict[str, Any] | None]] = deque()
        size = self._type.batch
        for ids, state in listed:
            chunks = [ids[start : start + size] for start in range(0, len(ids), size)]
            waiting.append(([self._workers.submit(read, chunk) for chunk in chunks], state))
            while waiting and (len(waiting) > PAGES_AHEAD or all(future.done() for future in waiting[0][0])):
                yield self._read_step(*waiting.popleft())
        while waiting:
            yield self._read_step(*waiting.popleft())

    def _read_step(self, futures: list[Future[Batch]], state: dict[str, Any] | None) -> Step:
        batches = [future.result() for future in futures]
        records = [record for records, _ in batches for record in records]
        return self.step(records, [native_id for _, owed in batches for native_id in owed], state)

    def step(self, records: list[Record], owed: list[str], state: dict[str, Any] | None) -> Step:
        """Records to land; what is owed or cannot be understood is asked for again in the next cycle."""
        landed, odd = pages_of(self._reading, self._type, records)
        self.merged.update(merged_ids(records))
        self.read_ids.update(landed[self._type.name]["id"].to_pylist())
        self.unread |= dict.fromkeys([*owed, *odd])
        if len(self.unread) > MOST_UNREAD:
            raise self.complaint()
        if state is not None and self.unread:
            state = {**state, "unread": list(self.unread)}
        return Step(landed, state, len(records))

    def complaint(self) -> UnreadableReplyError:
        """What to say of the objects that are left."""
        named = ", ".join(list(self.unread)[:5])
        what = f"{len(self.unread)} {self._type.name} could not be read or understood ({named})."
        where = f"connection {self._reading.connection.name!r}"
        return UnreadableReplyError(what, where, "The others are landed; the next run tries again.")
