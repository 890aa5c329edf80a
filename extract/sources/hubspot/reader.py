"""One reading of a type of objects: by the list once, then by the search; the archive for deletes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extract.core.clock import parse_time
from extract.core.errors import PortalError, SourceError
from extract.core.lake import absent_ids
from extract.core.losses import refuse_unlikely_loss
from extract.core.source import Step
from extract.sources.hubspot.archive import read_archive, tombstones
from extract.sources.hubspot.fetching import Fetch
from extract.sources.hubspot.listing import WHOLE, Listing
from extract.sources.hubspot.records import (
    Record,
    ids_of,
    is_wanted,
    newest_change,
    versions_of,
)
from extract.sources.hubspot.search import TOO_MANY_CHANGES, Found, changed_before, changed_since

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from concurrent.futures import ThreadPoolExecutor

    from extract.core.source import Reading
    from extract.sources.hubspot.types import ObjectType

LOOKBACK = timedelta(minutes=60)  # the search index lags behind, after an import for long
RECYCLE_BIN = timedelta(days=100)  # archived records are kept for 90
LONGEST_GET = 8_000  # characters of property names; an address breaks at 16,000

Listed = tuple[list[Record], dict[str, Any] | None]
"""What a page of the list told, and the state that holds once it and all before it are landed."""


class Reader:
    """One reading of a type."""

    def __init__(self, reading: Reading, type_: ObjectType, workers: ThreadPoolExecutor) -> None:
        self._reading, self._type, self._workers = reading, type_, workers
        self._fetch = Fetch(reading, type_, workers)
        self._listing = partial(Listing, reading.requester, type_, workers)
        self._captures = reading.captures[type_.name]
        self._start = type_.start_of(reading.connection)
        self._begun = reading.clock.server_started_at
        self._state = {} if reading.from_scratch else dict(reading.state)
        self._newest: datetime | None = None  # the last change that was seen: the account's own time
        self._walked: list[pa.Table] = []
        self._is_walked = self._is_walk_whole = False
        self._archived: list[str] = []

    def steps(self) -> Iterator[Step]:
        """All steps of a cycle."""
        reading, fetch, told = self._reading, self._fetch, self._reading.state
        is_due = self._is_weekly_due()
        yield from fetch.these(list(told.get("unread", ())))
        walked_at = None
        if "watermark" not in self._state and (reading.from_scratch or reading.since is None):
            walked_at = yield from self._walk()
        if walked_at is None or walked_at < self._begun:
            yield from self._changes()
        if not self._is_walked and (is_due or (reading.since is None and "walk" in self._state)):
            yield from self._walk()
        yield from self._deleted()
        if self._is_walk_whole:
            yield from self._check_walk()
        if reading.from_scratch or is_due or (self._is_walked and not self._is_walk_whole):
            yield from self._compare()
        if fetch.unread or told.get("unread"):
            yield self._done()
        if fetch.unread:
            raise fetch.complaint()

    def _is_weekly_due(self) -> bool:
        """What HubSpot works out anew changes no time of change: once a week all is read again."""
        reading = self._reading
        is_known = "watermark" in reading.state and reading.since is None and not reading.from_scratch
        return is_known and reading.is_weekly_due(reading.state.get("compared_at"))

    def _done(self) -> Step:
        """Where the next cycle begins, and with which objects."""
        unread = {"unread": list(self._fetch.unread)} if self._fetch.unread else {}
        self._state = {name: value for name, value in self._state.items() if name != "unread"} | unread
        return Step(state=self._state)

    def _walk(self) -> Generator[Step, None, datetime]:
        unfinished = self._state.pop("walk", None)
        walk = unfinished or {"ranges": [WHOLE], "begun": self._begun.isoformat()}
        begun = parse_time(walk["begun"])
        if self._is_listed_whole():
            for records, state in self._listed(walk, self._fetch.properties):
                yield self._fetch.step(records, [], state)
        else:
            listed = self._listed(walk, list(self._type.identifying))
            yield from self._fetch.listed((ids_of(records), state) for records, state in listed)
        self._is_walked, self._is_walk_whole = True, not unfinished
        newest = parse_time(walk["newest"]) if "newest" in walk else self._newest
        if newest:  # an account without such objects does not tell its time: it is walked again
            self._move_to(min(begun, newest))
        yield self._done()
        return begun

    def _is_listed_whole(self) -> bool:
        """Whether the list can give all that is asked for: a quarter of the requests."""
        return not self._type.history and len(",".join(self._fetch.properties)) <= LONGEST_GET

    def _listed(self, walk: dict[str, Any], properties: list[str]) -> Iterator[Listed]:
        """Pages of a walk. What it knows as newest, it knew before any pause in which objects changed."""
        ranges = [(after, end) for after, end in walk["ranges"]]
        listing = self._listing(ranges, properties)
        known = {"newest": walk["newest"]} if "newest" in walk else {}
        for page in listing.pages():
            self._newest = newest_change(page, self._type, self._newest)
            records = [record for record in page if is_wanted(record, self._type, self._start)]
            self._walked.append(versions_of(page, self._type))
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
        yield from self._read_outdated(self._wanted(found.pages()))
        if stored and since <= stored and not found.is_short and found.newest:
            self._move_to(min(self._begun, found.newest))
            yield self._done()

    def _move_to(self, moment: datetime) -> None:
        """Not by the clock of the server that answers: what counts are the times that the account writes."""
        told = self._state.get("watermark")
        self._state["watermark"] = (max(moment, parse_time(told)) if told else moment).isoformat()

    def _wanted(self, listed: Iterable[list[Record]]) -> Iterator[pa.Table]:
        for page in listed:
            yield versions_of([r for r in page if is_wanted(r, self._type, self._start)], self._type)

    def _read_outdated(self, shown: Iterable[pa.Table]) -> Iterator[Step]:
        """Of what is shown, what the lake does not hold in that very version."""
        versions = pa.concat_tables([versions_of([], self._type), *shown])
        yield from self._fetch.these(self._captures.outdated(versions))

    def _check_walk(self) -> Iterator[Step]:
        if self._has_slipped():
            yield from self._list_again()
        if "watermark" in self._state:
            self._state["compared_at"] = self._begun.isoformat()
            yield self._done()

    def _has_slipped(self) -> bool:
        """Whether the search counts more than was listed, as when objects vanish between pages of a list."""
        requester, unchanged = self._reading.requester, changed_before(self._type, self._begun)
        try:
            count = Found(requester, self._type, unchanged).total
        except PortalError:
            raise
        except SourceError:  # the list does without the search
            return False
        listed = pa.concat_tables([versions_of([], self._type), *self._walked])
        return len(set(absent_ids(listed, pa.table({"id": pa.array(self._archived, pa.string())})))) < count

    def _compare(self) -> Iterator[Step]:
        """All ids with the lake's: what no search told, and what was erased for good."""
        if not self._is_walk_whole:
            yield from self._list_again()
        self._reading.flush()
        yield from self._vanished()
        if "watermark" in self._state:
            self._state["compared_at"] = self._begun.isoformat()
        yield self._done()

    def _list_again(self) -> Iterator[Step]:
        self._reading.flush()
        self._walked.clear()
        asked = list(self._type.identifying)
        listing = self._listing([WHOLE], asked)
        wanted: list[pa.Table] = []
        for page in listing.pages():
            self._walked.append(versions_of(page, self._type))
            wanted += self._wanted([page])
            yield Step()
        yield from self._read_outdated(wanted)

    def _deleted(self) -> Iterator[Step]:
        """Tombstones by the archive feed; what left it again is read once more."""
        archive = read_archive(self._reading, self._type, self._start)
        self._fetch.merged.update(archive.merged)
        self._archived = [*archive.archived_at, *self._fetch.merged]
        tombstoned = self._captures.deleted_since(self._reading.clock.now() - RECYCLE_BIN)["id"].to_pylist()
        if self._type.counts_until_deleted(self._reading.connection):
            yield from self._read_put_away(archive.wanted, set(tombstoned))
        alive = self._captures.alive()
        gone = self._known(archive.archived_at, alive)
        if gone:
            yield Step(
                {self._type.name: tombstones(self._reading, {key: archive.archived_at[key] for key in gone})}
            )
        merged = self._known(sorted(self._fetch.merged), alive)
        if merged:
            yield Step({self._type.name: self._reading.tombstones(merged)})
        explained = self._fetch.merged.union(archive.archived_at, self._fetch.read_ids)
        yield from self._fetch.these([key for key in tombstoned if key not in explained])

    def _read_put_away(self, archived: pa.Table, tombstoned: set[str]) -> Iterator[Step]:
        """What lies in the recycle bin as it was last: reports of the past count it until then."""
        unread = [key for key in self._captures.outdated(archived) if key not in tombstoned]
        yield from self._fetch.these(unread, is_archived=True)
        if unread:
            self._reading.flush()  # one load keeps the last of each id only, which is the tombstone

    def _known(self, ids: Iterable[str], alive: pa.Table) -> list[str]:
        """Those of the ids that the lake shows as existing, or will once this cycle is landed."""
        wanted = list(ids)
        landed = set(wanted).difference(absent_ids(pa.table({"id": pa.array(wanted, pa.string())}), alive))
        return [key for key in wanted if key in landed or key in self._fetch.read_ids]

    def _vanished(self) -> Iterator[Step]:
        """Erased for good, or no longer readable: neither listed nor archived, nor answering to their id."""
        name, alive = self._type.name, self._captures.alive()
        candidates = absent_ids(alive, pa.concat_tables([versions_of([], self._type), *self._walked]))
        steps = list(self._fetch.these(candidates))
        shown = {native_id for step in steps for native_id in step.pages[name]["id"].to_pylist()}
        unsure = shown.union(self._fetch.unread)
        gone = [native_id for native_id in candidates if native_id not in unsure]
        where = f"connection {self._reading.connection.name!r}, {name}"
        if not self._reading.from_scratch:
            refuse_unlikely_loss(len(gone), alive.num_rows, name, where)
        if gone:
            yield Step({name: self._reading.tombstones(gone)})
