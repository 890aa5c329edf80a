"""Objects of a type: by the list once, then by the search for what has changed; the archive for deletes."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extract.core.clock import parse_time
from extract.core.errors import UnreadableReplyError
from extract.core.lake import absent_ids
from extract.core.losses import refuse_unlikely_loss
from extract.core.source import Step, make_page
from extract.sources.hubspot.api import PAGE, pages
from extract.sources.hubspot.errors import absent_if_refused
from extract.sources.hubspot.listing import WHOLE, Listing
from extract.sources.hubspot.records import (
    Batches,
    Record,
    is_wanted,
    merged_ids,
    newest_change,
    pages_of,
    property_names,
)
from extract.sources.hubspot.search import TOO_MANY_CHANGES, Found, changed_since
from extract.sources.hubspot.types import LEADS, MERGED_PROPERTIES
from extract.sources.hubspot.values import moment_if_any

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from extract.core.source import Reading
    from extract.sources.hubspot.types import ObjectType

LOOKBACK = timedelta(minutes=60)  # the search index lags behind, after an import for long
RECYCLE_BIN = timedelta(days=100)  # archived records are kept for 90
WORKERS = 16  # of all types together, more or less: some begin with a long list, others end with one
WORKERS_OF_SMALL_TYPES = 4
PAGES_AHEAD = 24
LONGEST_GET = 8_000  # characters of property names; an address breaks at 16,000
MOST_UNREAD = 1_000  # objects that cannot be read, before the whole type counts as unreadable
NO_IDS = pa.table({"id": pa.array([], pa.string())})

Batch = tuple[list[Record], list[str]]
"""Objects that were read together, and the ids of those that were not given."""
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
            with absent_if_refused(is_meant=self.type is LEADS and not reading.state):
                yield from _Reader(reading, self.type, workers).steps()
        finally:
            workers.shutdown(cancel_futures=True)


class _Reader:
    """One reading of a type."""

    def __init__(self, reading: Reading, type_: ObjectType, workers: ThreadPoolExecutor) -> None:
        self._reading, self._type, self._workers = reading, type_, workers
        self._properties = property_names(reading.requester, type_)
        self._batches = Batches(reading.requester, type_, self._properties)
        self._captures = reading.captures[type_.name]
        self._start = type_.start_of(reading.connection)
        self._begun = reading.clock.server_started_at
        self._state = {name: value for name, value in reading.state.items() if name != "walk"}
        self._newest: datetime | None = None  # the last change that was seen: the account's own time
        self._merged: set[str] = set()
        self._read_ids: set[str] = set()  # in this cycle: what is read need not be landed yet
        self._unread: dict[str, None] = {}
        self._walked: list[pa.Table] = []

    def steps(self) -> Iterator[Step]:
        """All steps of a cycle."""
        reading, state = self._reading, self._reading.state
        walked_at = None
        yield from self._read_all([(list(state.get("unread", ())), None)])
        is_known = "watermark" in state and "walk" not in state
        if reading.from_scratch or (reading.since is None and not is_known):
            walked_at = yield from self._walk(None if reading.from_scratch else state.get("walk"))
        if walked_at is None or walked_at < self._begun:
            yield from self._changes()
        yield from self._deleted()
        if reading.from_scratch:
            reading.flush()
            yield from self._vanished()
        if self._unread or state.get("unread"):
            yield self._done()
        if self._unread:
            raise self._complaint()

    def _done(self) -> Step:
        """Where the next cycle begins, and with which objects."""
        unread = {"unread": list(self._unread)} if self._unread else {}
        self._state = {name: value for name, value in self._state.items() if name != "unread"} | unread
        return Step(state=self._state)

    def _complaint(self) -> UnreadableReplyError:
        named = ", ".join(list(self._unread)[:5])
        what = f"{len(self._unread)} {self._type.name} could not be read or understood ({named})."
        where = f"connection {self._reading.connection.name!r}"
        return UnreadableReplyError(what, where, "The others are landed; the next run tries again.")

    def _walk(self, unfinished: dict[str, Any] | None = None) -> Generator[Step, None, datetime]:
        walk = unfinished or {"ranges": [WHOLE], "begun": self._begun.isoformat()}
        begun = parse_time(walk["begun"])
        if self._is_listed_whole():
            for records, state in self._listed(walk, self._properties):
                yield self._step(records, [], state)
        else:
            listed = self._listed(walk, list(self._type.identifying))
            yield from self._read_all((_ids(records), state) for records, state in listed)
        newest = parse_time(walk["newest"]) if "newest" in walk else self._newest
        self._state.pop("watermark", None)
        if newest:  # an account without such objects does not tell its time: it is walked again
            self._state["watermark"] = min(begun, newest).isoformat()
        yield self._done()
        return begun

    def _is_listed_whole(self) -> bool:
        """Whether the list can give all that is asked for: a quarter of the requests."""
        return not self._type.history and len(",".join(self._properties)) <= LONGEST_GET

    def _listed(self, walk: dict[str, Any], properties: list[str]) -> Iterator[Listed]:
        """Pages of a walk. What it knows as newest, it knew before any pause in which objects changed."""
        ranges = [(after, end) for after, end in walk["ranges"]]
        listing = Listing(self._reading.requester, self._type, self._workers, ranges, properties)
        known = {"newest": walk["newest"]} if "newest" in walk else {}
        for page in listing.pages():
            self._newest = newest_change(page, self._type, self._newest)
            records = [record for record in page if is_wanted(record, self._type, self._start)]
            self._walked.append(pa.table({"id": pa.array(_ids(records), pa.string())}))
            newest = {"newest": self._newest.isoformat()} if self._newest else {}
            left = [list(unread) for unread in listing.ranges]
            unfinished = {**walk, **newest, **known, "ranges": left}
            yield records, {**self._state, "walk": unfinished} if left else None

    def _changes(self) -> Iterator[Step]:
        reading, told = self._reading, self._state.get("watermark")
        stored = parse_time(told) if told else None
        asked = datetime.combine(reading.since, time.min, UTC) if reading.since else None
        since = (asked or stored or self._begun) - LOOKBACK
        found = Found(reading.requester, self._type, changed_since(self._type, since))
        if found.total > TOO_MANY_CHANGES:  # the list is cheaper
            yield from self._walk()
            return
        yield from self._read_all((ids, None) for ids in self._outdated(found, since))
        if stored and since <= stored and not found.is_short:
            yield from self._move_on(stored, found.newest)

    def _move_on(self, stored: datetime, newest: datetime | None) -> Iterator[Step]:
        """Not by the clock of the server that answers: what counts are the times that the account writes."""
        if newest:
            self._state["watermark"] = max(stored, min(self._begun, newest)).isoformat()
            yield self._done()

    def _outdated(self, found: Found, since: datetime) -> Iterator[list[str]]:
        """Of what was found, the ids of which the lake does not hold that very version."""
        landed: dict[str, datetime] | None = None
        for page in found.pages():
            if landed is None:
                table = self._captures.modified_since(since)
                landed = dict(zip(table["id"].to_pylist(), table["modified_at"].to_pylist(), strict=True))
            wanted = [record for record in page if is_wanted(record, self._type, self._start)]
            yield [record["id"] for record in wanted if not self._is_landed(record, landed)]

    def _is_landed(self, record: Record, landed: dict[str, datetime]) -> bool:
        told = moment_if_any([record["properties"].get(self._type.modified)])
        return told is not None and landed.get(record["id"]) == told.replace(tzinfo=None)

    def _read_all(self, listed: Iterable[tuple[list[str], dict[str, Any] | None]]) -> Iterator[Step]:
        """Read objects in parallel, handing them on in the order of the list."""
        waiting: deque[tuple[list[Future[Batch]], dict[str, Any] | None]] = deque()
        size = self._type.batch
        for ids, state in listed:
            chunks = [ids[start : start + size] for start in range(0, len(ids), size)]
            waiting.append(([self._workers.submit(self._batches.read, chunk) for chunk in chunks], state))
            while waiting and (len(waiting) > PAGES_AHEAD or all(future.done() for future in waiting[0][0])):
                yield self._read_step(*waiting.popleft())
        while waiting:
            yield self._read_step(*waiting.popleft())

    def _read_step(self, futures: list[Future[Batch]], state: dict[str, Any] | None) -> Step:
        batches = [future.result() for future in futures]
        records = [record for records, _ in batches for record in records]
        return self._step(records, [native_id for _, owed in batches for native_id in owed], state)

    def _step(self, records: list[Record], owed: list[str], state: dict[str, Any] | None) -> Step:
        landed, odd = pages_of(self._reading, self._type, records)
        self._merged.update(merged_ids(records))
        self._read_ids.update(landed[self._type.name]["id"].to_pylist())
        self._unread |= dict.fromkeys([*owed, *odd])
        if len(self._unread) > MOST_UNREAD:
            raise self._complaint()
        if state is not None and self._unread:
            state = {**state, "unread": list(self._unread)}
        return Step(landed, state, len(records))

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

    def _archived(self) -> dict[str, datetime]:
        """When what lies in the recycle bin was put there; what was merged into it before is noted."""
        asked = ("hs_object_id", *MERGED_PROPERTIES)
        params = {"limit": PAGE, "properties": ",".join(asked), "archived": "true"}
        found: dict[str, datetime] = {}
        for records, _ in pages(
            self._reading.requester, self._type.path, f"archived {self._type.name}", params
        ):
            self._merged.update(merged_ids(records))
            for record in records:
                told = moment_if_any([record.get("archivedAt"), record.get("updatedAt")])
                found[str(record["id"])] = told or self._reading.clock.now()
        return found

    def _tombstones(self, archived: dict[str, datetime]) -> pa.Table:
        return make_page(
            self._reading.connection.name,
            list(archived),
            list(archived.values()),
            [{"archivedAt": at.isoformat()} for at in archived.values()],
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
        if not self._reading.from_scratch:
            refuse_unlikely_loss(len(gone), alive.num_rows, name, where)
        if gone:
            yield Step({name: self._reading.tombstones(gone)})


def _ids(records: Iterable[Record]) -> list[str]:
    return [str(record["id"]) for record in records]
