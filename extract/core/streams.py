"""Streams read in threads; the calling thread compares what they yield with the lake and commits chunks."""

from __future__ import annotations

import logging
import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extract.core.errors import ODD_RECORDS, DealhouseError, PortalError, SourceError, unexpected_shape
from extract.core.lake import Captures, Lake
from extract.core.privacy import Forgotten
from extract.core.source import Reading, Step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from datetime import date, datetime

    from extract.core.clock import ServerClock
    from extract.core.pipeline import Landing
    from extract.core.settings import Connection
    from extract.core.source import Portal, Progress, Source, Stream

logger = logging.getLogger(__name__)

CHUNK_ROWS = 50_000
CHUNK_BYTES = 64_000_000
CHUNK_SECONDS = 30.0
WAITING_STEPS = 24  # a slow disk must stop the reading, not fill the memory


@dataclass
class StreamRun:
    """One stream in one cycle."""

    stream: Stream
    wanted: list[str]
    reading: Reading
    started_at: datetime
    completed_at: datetime
    finished: threading.Event = field(default_factory=threading.Event)
    error: DealhouseError | None = None
    quota_share: float | None = None
    read: int = 0
    landed: dict[str, int] = field(default_factory=dict)


@dataclass
class _Chunk:
    """What waits for the next commit."""

    pages: dict[str, list[pa.Table]] = field(default_factory=dict)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: int = 0
    size: int = 0
    since: float = field(default_factory=time.monotonic)

    def add(self, run: StreamRun, step: Step) -> None:
        """Take in a step."""
        for entity, page in step.pages.items():
            self.pages.setdefault(entity, []).append(page)
            self.rows += page.num_rows
            self.size += page.nbytes
        if step.state is not None:
            self.states[run.stream.entities[0]] = step.state

    def is_due(self) -> bool:
        """Whether a kill now would cost too much."""
        is_old = time.monotonic() - self.since > CHUNK_SECONDS
        return self.rows >= CHUNK_ROWS or self.size >= CHUNK_BYTES or (is_old and bool(self.rows))


class _StoppedError(SourceError):
    """The cycle ends because the connection as a whole has failed."""


class Cycle:
    """Reads the wanted entities once. Afterwards `streams` tells how it went."""

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        connection: Connection,
        source: Source,
        portal: Portal,
        clock: ServerClock,
        lake: Lake,
        landing: Landing,
    ) -> None:
        self._connection, self._source, self._portal, self._clock = connection, source, portal, clock
        self._lake, self._landing = lake, landing
        self._captures = {
            entity.name: Captures(lake, source.crm, connection.name, entity.name)
            for entity in source.entities
        }
        self._forgotten = Forgotten(lake)
        self._queue: queue.Queue[tuple[StreamRun, Step | threading.Event | None]] = queue.Queue(WAITING_STEPS)
        self._stop = threading.Event()
        self.streams: list[StreamRun] = []
        self.fatal: SourceError | None = None

    def run(
        self,
        wanted: list[str],
        *,
        since: date | None,
        from_scratch: bool,
        progress: Progress | None,
        is_thorough: bool = False,
    ) -> None:
        """Read and commit until every stream has ended."""
        self.streams = [
            self._prepare(stream, wanted, since=since, from_scratch=from_scratch, is_thorough=is_thorough)
            for stream in self._source.streams
            if set(stream.entities) & set(wanted)
        ]
        with ThreadPoolExecutor(max(1, len(self.streams)), thread_name_prefix=self._connection.name) as pool:
            futures = [pool.submit(self._read, run) for run in self.streams]
            try:
                self._commit_all(progress)
            finally:
                self._end(futures)
            for future in futures:
                future.result()

    def _end(self, futures: list[Future[None]]) -> None:
        self._stop.set()
        self._portal.stop()
        while not all(future.done() for future in futures):  # they may be waiting for room in the queue
            with suppress(queue.Empty):
                self._queue.get(timeout=0.1)

    def _prepare(
        self, stream: Stream, wanted: list[str], *, since: date | None, from_scratch: bool, is_thorough: bool
    ) -> StreamRun:
        now = self._clock.now()
        captures = {entity: self._captures[entity] for entity in (*stream.entities, *stream.after)}
        reading = Reading(
            connection=self._connection,
            portal=self._portal,
            requester=self._portal.requester(),
            clock=self._clock,
            state=self._landing.state(stream.entities[0]),
            captures=captures,
            since=since,
            from_scratch=from_scratch,
            flush=lambda: self._flush(run),
            await_earlier=lambda: self._await_earlier(run),
            is_thorough=is_thorough,
        )
        run = StreamRun(stream, [name for name in stream.entities if name in wanted], reading, now, now)
        return run

    def _read(self, run: StreamRun) -> None:
        try:
            run.started_at = self._clock.now()
            share = self._portal.share_meter()
            for step in run.stream.read(run.reading):
                self._hand_over(run, step)
            run.quota_share = share()
        except SourceError as error:
            run.error = self.fatal or error
            if isinstance(error, PortalError):
                self.fatal = error
                self._stop.set()
                self._portal.stop()
        except ODD_RECORDS as error:
            logger.exception("unexpected record of %s", run.stream.entities[0])
            where = f"connection {self._connection.name!r}, {run.stream.entities[0]}"
            run.error = unexpected_shape(error, where)
        finally:
            run.completed_at = self._clock.now()
            run.finished.set()
            self._queue.put((run, None))

    def _await_earlier(self, run: StreamRun) -> None:
        for other in self.streams:
            if set(other.stream.entities) & set(run.stream.after):
                other.finished.wait()

    def _hand_over(self, run: StreamRun, item: Step | threading.Event) -> None:
        while not self._stop.is_set():
            try:
                return self._queue.put((run, item), timeout=0.5)
            except queue.Full:
                continue
        raise _StoppedError("stopped")

    def _flush(self, run: StreamRun) -> None:
        committed = threading.Event()
        self._hand_over(run, committed)
        while not committed.wait(0.5):
            if self._stop.is_set():
                raise _StoppedError("stopped")

    def _commit_all(self, progress: Progress | None) -> None:
        chunk = _Chunk()
        waiting: list[threading.Event] = []
        for run, item in self._items():
            if isinstance(item, threading.Event):
                waiting.append(item)
            elif item:
                chunk.add(run, item)
                run.read += item.read
                if progress and item.read:
                    progress(self._connection.name, run.stream.entities[0], run.read)
            # A commit has its price: streams that wait for one at the same time share it.
            if chunk.is_due() or (waiting and self._queue.empty()):
                chunk = self._commit(chunk)
                _set_all(waiting)
        self._commit(chunk)
        _set_all(waiting)

    def _items(self) -> Iterator[tuple[StreamRun, Step | threading.Event | None]]:
        """What the streams hand over; None is the end of one."""
        reading = len(self.streams)
        while reading:
            run, item = self._queue.get()
            reading -= item is None
            yield run, item

    def _commit(self, chunk: _Chunk) -> _Chunk:
        changed = {
            entity: self._captures[entity].changed(self._to_land(entity, pages))
            for entity, pages in chunk.pages.items()
        }
        landing = {entity: table for entity, table in changed.items() if table.num_rows}
        states = {
            entity: state for entity, state in chunk.states.items() if state != self._landing.state(entity)
        }
        if landing or states:
            self._landing.commit(landing, states)
        for run in self.streams:
            for entity in run.stream.entities:
                run.landed[entity] = run.landed.get(entity, 0) + (
                    landing[entity].num_rows if entity in landing else 0
                )
        return _Chunk()

    def _to_land(self, entity: str, pages: list[pa.Table]) -> pa.Table:
        return self._forgotten.without(self._connection.name, entity, pa.concat_tables(pages))


def _set_all(waiting: list[threading.Event]) -> None:
    while waiting:
        waiting.pop().set()
