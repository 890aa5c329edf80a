"""Objects of a type: a walk over the list, then what the search says has changed; the archive for deletes."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extract.core.clock import parse_time
from extract.core.lake import absent_ids
from extract.core.losses import refuse_unlikely_loss
from extract.core.source import Step, make_page
from extract.sources.hubspot.api import PAGE, pages
from extract.sources.hubspot.listing import WHOLE, Listing
from extract.sources.hubspot.records import (
    Record,
    is_wanted,
    merged_ids,
    pages_of,
    property_names,
    read_records,
)
from extract.sources.hubspot.search import changed_ids

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from extract.core.source import Reading
    from extract.sources.hubspot.types import ObjectType

LOOKBACK = timedelta(minutes=15)  # the search index lags behind
RECYCLE_BIN = timedelta(days=100)  # archived records are kept for 90
WORKERS = 16  # of all types together, more or less: some begin with a long list, others end with one
WORKERS_OF_SMALL_TYPES = 4
PAGES_AHEAD = 24
LONGEST_GET = 8_000  # characters of property names; an address breaks at 16,000
NO_IDS = pa.table({"id": pa.array([], pa.string())})

Listed = tuple[list[Record], dict[str, Any] | None]
"""What a page of the list told, and the state that holds once it and all before it are landed."""


@dataclass(frozen=True)
class Records:
    """The stream of one type of objects; their property history comes along."""

    type: ObjectType
    workers: int = WORKERS_OF_SMALL_TYPES
    after: tuple[str, ...] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        """What it lands."""
        return self.type.entities

    def read(self, reading: Reading) -> Iterator[Step]:
        """A walk where none was completed, else the changes since; then the archive feed."""
        if not self.type.is_read_from(reading.connection):
            return
        name = f"{reading.connection.name}-{self.type.name}"
        workers = ThreadPoolExecutor(self.workers, thread_name_prefix=name)
        try:
            yield from _Reader(reading, self.type, workers).steps()
        finally:
            workers.shutdown(cancel_futures=True)


class _Reader:
    """One reading of a type."""

    def __init__(self, reading: Reading, type_: ObjectType, workers: ThreadPoolExecutor) -> None:
        self._reading, self._type, self._workers = reading, type_, workers
        self._properties = property_names(reading.requester, type_)
        self._captures = reading.captures[type_.name]
        self._merged: set[str] = set()
        self._read_ids: set[str] = set()  # in this cycle: what is read need not be landed yet
        self._walked: list[pa.Table] = []

    def steps(self) -> Iterator[Step]:
        """All steps of a cycle."""
        reading, state = self._reading, self._reading.state
        begun = reading.clock.server_started_at
        walked_at = None
        is_known = "watermark" in state and "walk" not in state
        if reading.from_scratch or (reading.since is None and not is_known):
            walked_at = yield from self._walk()
        if walked_at is None or walked_at < begun:
            yield from self._changes(walked_at)
        yield from self._deleted()
        if reading.from_scratch:
            reading.flush()
            yield from self._vanished()

    def _walk(self) -> Generator[Step, None, datetime]:
        reading, state = self._reading, self._reading.state
        unfinished = None if reading.from_scratch else state.get("walk")
        begun = reading.clock.server_started_at.isoformat()
        walk = unfinished or {"ranges": [WHOLE], "begun": begun}
        if self._is_listed_whole():
            yield from (self._step(*listed) for listed in self._listed(walk, self._properties))
        else:
            listed = self._listed(walk, ["hs_object_id"])
            yield from self._read_all((_ids(records), state) for records, state in listed)
        yield Step(state={"watermark": walk["begun"]})
        return parse_time(walk["begun"])

    def _is_listed_whole(self) -> bool:
        """Whether the list can give all that is asked for: a quarter of the requests."""
        return not self._type.history and len(",".join(self._properties)) <= LONGEST_GET

    def _listed(self, walk: dict[str, Any], properties: list[str]) -> Iterator[Listed]:
        ranges = [(after, end) for after, end in walk["ranges"]]
        listing = Listing(self._reading.requester, self._type, self._workers, ranges, properties)
        start = self._type.start_of(self._reading.connection)
        for page in listing.pages():
            records = [record for record in page if is_wanted(record, start)]
            self._walked.append(pa.table({"id": pa.array(_ids(records), pa.string())}))
            left = [list(unread) for unread in listing.ranges]
            yield records, {**self._reading.state, "walk": {**walk, "ranges": left}} if left else None

    def _changes(self, walked_at: datetime | None) -> Iterator[Step]:
        reading = self._reading
        stored = walked_at or (
            parse_time(reading.state["watermark"]) if "watermark" in reading.state else None
        )
        asked = datetime.combine(reading.since, time.min, UTC) if reading.since else None
        until = reading.clock.server_started_at
        since = (asked or stored or until) - LOOKBACK
        found = changed_ids(
            reading.requester, self._type, since, until, self._type.start_of(reading.connection)
        )
        if found is None:  # so many that the list is cheaper
            yield from self._walk()
            return
        read = 0
        for step in self._read_all((ids, None) for ids in found):
            read += step.read
            yield step
        if read and stored and since <= stored:
            yield Step(state={"watermark": until.isoformat()})

    def _read_all(self, listed: Iterable[tuple[list[str], dict[str, Any] | None]]) -> Iterator[Step]:
        """Read objects in parallel, handing them on in the order of the list."""
        waiting: deque[tuple[list[Future[list[Record]]], dict[str, Any] | None]] = deque()
        size = self._type.batch
        for ids, state in listed:
            chunks = [ids[start : start + size] for start in range(0, len(ids), size)]
            waiting.append(([self._workers.submit(self._read, chunk) for chunk in chunks], state))
            while waiting and (len(waiting) > PAGES_AHEAD or all(future.done() for future in waiting[0][0])):
                yield self._read_step(*waiting.popleft())
        while waiting:
            yield self._read_step(*waiting.popleft())

    def _read(self, ids: list[str]) -> list[Record]:
        return read_records(self._reading.requester, self._type, ids, self._properties)

    def _read_step(self, futures: list[Future[list[Record]]], state: dict[str, Any] | None) -> Step:
        return self._step([record for future in futures for record in future.result()], state)

    def _step(self, records: list[Record], state: dict[str, Any] | None) -> Step:
        self._merged.update(merged_ids(records))
        self._read_ids.update(_ids(records))
        return Step(pages_of(self._reading, self._type, records), state, len(records))

    def _deleted(self) -> Iterator[Step]:
        """Tombstones by the archive feed; what left it again is read once more."""
        archived = self._archived()
        alive = self._captures.alive()
        gone = self._known(archived, alive)
        if gone:
            yield Step({self._type.name: self._tombstones({key: archived[key] for key in gone})})
        merged = self._known(sorted(self._merged), alive)
        if merged:
            yield Step({self._type.name: self._reading.tombstones(merged)})
        tombstoned = self._captures.deleted_since(self._reading.clock.now() - RECYCLE_BIN)
        explained = self._merged.union(archived, self._read_ids)
        restored = [key for key in tombstoned["id"].to_pylist() if key not in explained]
        yield from self._read_all([(restored, None)])

    def _known(self, ids: Iterable[str], alive: pa.Table) -> list[str]:
        """Those of the ids that the lake shows as existing, or will once this cycle is landed."""
        wanted = list(ids)
        landed = set(wanted).difference(absent_ids(pa.table({"id": pa.array(wanted, pa.string())}), alive))
        return [key for key in wanted if key in landed or key in self._read_ids]

    def _archived(self) -> dict[str, str]:
        params = {"limit": PAGE, "properties": "hs_object_id", "archived": "true"}
        listed = pages(self._reading.requester, self._type.path, f"archived {self._type.name}", params)
        return {record["id"]: record["archivedAt"] for records, _ in listed for record in records}

    def _tombstones(self, archived: dict[str, str]) -> pa.Table:
        return make_page(
            self._reading.connection.name,
            list(archived),
            [parse_time(text) for text in archived.values()],
            [{"archivedAt": text} for text in archived.values()],
            self._reading.clock.now(),
            is_deleted=True,
        )

    def _vanished(self) -> Iterator[Step]:
        """Erased for good, or no longer readable: neither listed nor archived, nor answering to their id."""
        name, alive = self._type.name, self._captures.alive()
        candidates = absent_ids(alive, pa.concat_tables([NO_IDS, *self._walked]))
        steps = list(self._read_all([(candidates, None)]))
        shown = {native_id for step in steps for native_id in step.pages[name]["id"].to_pylist()}
        gone = [native_id for native_id in candidates if native_id not in shown]
        where = f"connection {self._reading.connection.name!r}, {name}"
        refuse_unlikely_loss(len(gone), alive.num_rows, name, where)
        if gone:
            yield Step({name: self._reading.tombstones(gone)})


def _ids(records: Iterable[Record]) -> list[str]:
    return [record["id"] for record in records]
