"""Deals: a first walk over the list, then what the search says has changed; the archive feed for deletes."""

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
from extract.sources.hubspot.listing import PATH, WHOLE, Listing
from extract.sources.hubspot.records import (
    BATCH,
    Record,
    is_wanted,
    merged_ids,
    pages_of,
    property_names,
    read_deals,
)
from extract.sources.hubspot.search import changed_ids

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from extract.core.source import Reading

LOOKBACK = timedelta(minutes=15)  # the search index lags behind
RECYCLE_BIN = timedelta(days=100)  # archived records are kept for 90
WORKERS = 16
PAGES_AHEAD = 24
NO_IDS = pa.table({"id": pa.array([], pa.string())})

IdPage = tuple[list[str], dict[str, Any] | None]
"""Ids to read, and the state that holds once they and all before them are landed."""


@dataclass(frozen=True)
class Deals:
    """The stream of deals; their property history comes along."""

    entities: tuple[str, ...] = ("deals", "deal_property_history")
    after: tuple[str, ...] = ()

    def read(self, reading: Reading) -> Iterator[Step]:
        """A walk where none was completed, else the changes since; then the archive feed."""
        workers = ThreadPoolExecutor(WORKERS, thread_name_prefix=f"{reading.connection.name}-deals")
        try:
            yield from _DealReader(reading, workers).steps()
        finally:
            workers.shutdown(cancel_futures=True)


class _DealReader:
    """One reading of deals."""

    def __init__(self, reading: Reading, workers: ThreadPoolExecutor) -> None:
        self._reading, self._workers = reading, workers
        self._properties = property_names(reading.requester)
        self._captures = reading.captures["deals"]
        self._merged: set[str] = set()
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
        reading.flush()
        yield from self._deleted()
        if reading.from_scratch:
            reading.flush()
            yield from self._vanished()

    def _walk(self) -> Generator[Step, None, datetime]:
        reading, state = self._reading, self._reading.state
        unfinished = None if reading.from_scratch else state.get("walk")
        begun = reading.clock.server_started_at.isoformat()
        walk = unfinished or {"ranges": [WHOLE], "begun": begun}
        yield from self._read_all(self._listed(walk))
        yield Step(state={"watermark": walk["begun"]})
        return parse_time(walk["begun"])

    def _listed(self, walk: dict[str, Any]) -> Iterator[IdPage]:
        ranges = [(after, end) for after, end in walk["ranges"]]
        listing = Listing(self._reading.requester, self._workers, ranges)
        for records in listing.pages():
            start = self._reading.connection.start_date
            ids = [record["id"] for record in records if is_wanted(record, start)]
            self._walked.append(pa.table({"id": pa.array(ids, pa.string())}))
            left = [list(unread) for unread in listing.ranges]
            yield ids, {**self._reading.state, "walk": {**walk, "ranges": left}} if left else None

    def _changes(self, walked_at: datetime | None) -> Iterator[Step]:
        reading = self._reading
        stored = walked_at or (
            parse_time(reading.state["watermark"]) if "watermark" in reading.state else None
        )
        asked = datetime.combine(reading.since, time.min, UTC) if reading.since else None
        until = reading.clock.server_started_at
        since = (asked or stored or until) - LOOKBACK
        found = changed_ids(reading.requester, since, until, reading.connection.start_date)
        if found is None:  # so many that the list is cheaper
            yield from self._walk()
            return
        read = 0
        for step in self._read_all((ids, None) for ids in found):
            read += step.read
            yield step
        if read and stored and since <= stored:
            yield Step(state={"watermark": until.isoformat()})

    def _read_all(self, listed: Iterable[IdPage]) -> Iterator[Step]:
        """Read deals in parallel, handing them on in the order of the list."""
        waiting: deque[tuple[list[Future[list[Record]]], dict[str, Any] | None]] = deque()
        for ids, state in listed:
            chunks = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
            futures = [
                self._workers.submit(read_deals, self._reading.requester, chunk, self._properties)
                for chunk in chunks
            ]
            waiting.append((futures, state))
            while waiting and (len(waiting) > PAGES_AHEAD or all(future.done() for future in waiting[0][0])):
                yield self._step(*waiting.popleft())
        while waiting:
            yield self._step(*waiting.popleft())

    def _step(self, futures: list[Future[list[Record]]], state: dict[str, Any] | None) -> Step:
        records = [record for future in futures for record in future.result()]
        self._merged.update(merged_ids(records))
        return Step(pages_of(self._reading, records), state, len(records))

    def _deleted(self) -> Iterator[Step]:
        """Tombstones by the archive feed; what left it again is read once more."""
        archived = self._archived()
        alive = self._captures.alive()
        gone = _common(archived, alive)
        if gone:
            yield Step({"deals": self._tombstones({native_id: archived[native_id] for native_id in gone})})
        merged = _common(dict.fromkeys(self._merged), alive)
        if merged:
            yield Step({"deals": self._reading.tombstones(merged)})
        tombstoned = self._captures.deleted_since(self._reading.clock.now() - RECYCLE_BIN)
        restored = [i for i in tombstoned["id"].to_pylist() if i not in archived and i not in self._merged]
        yield from self._read_all([(restored, None)])

    def _archived(self) -> dict[str, str]:
        params = {"limit": PAGE, "properties": "hs_object_id", "archived": "true"}
        listed = pages(self._reading.requester, PATH, "archived deals", params)
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
        alive = self._captures.alive()
        candidates = absent_ids(alive, pa.concat_tables([NO_IDS, *self._walked]))
        steps = list(self._read_all([(candidates, None)]))
        shown = {native_id for step in steps for native_id in step.pages["deals"]["id"].to_pylist()}
        gone = [native_id for native_id in candidates if native_id not in shown]
        where = f"connection {self._reading.connection.name!r}, deals"
        refuse_unlikely_loss(len(gone), alive.num_rows, "deals", where)
        if gone:
            yield Step({"deals": self._reading.tombstones(gone)})


def _common(ids: dict[str, Any], alive: pa.Table) -> list[str]:
    wanted = pa.table({"id": pa.array(list(ids), pa.string())})
    missing = set(absent_ids(wanted, alive))
    return [native_id for native_id in ids if native_id not in missing]
