"""Records: a first walk over all, then what changed, then a sweep of ids for what was deleted or restored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from extract.core.clock import parse_time, readable_time
from extract.core.errors import UnlikelyLossError
from extract.core.lake import absent_ids
from extract.core.losses import refuse_unlikely_loss
from extract.core.source import Step
from extract.sources.bitrix24.dates import accepted_format, since_day, written
from extract.sources.bitrix24.walks import Items, KeyedList, KeyWalk, by_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from extract.core.source import Reading
    from extract.sources.bitrix24.api import BitrixPortal
    from extract.sources.bitrix24.dates import DateFormat

    Companions = Callable[[BitrixPortal, Reading, list[str]], dict[str, pa.Table]]

OVERLAP = timedelta(minutes=10)  # changes become visible out of order
# A sweep of 20,000 ids takes a minute of execution time; a million would take most of an hour's share.
SWEPT_ALWAYS = 20_000
SWEEP_INTERVAL = timedelta(hours=20)
SAMPLE = 500  # ids asked for one by one, 49 in a request, before so large a loss is believed


@dataclass(frozen=True)
class RecordKind:
    """A kind of records and how the portal lists it.

    `changed` and `created` are what filters call the times of a row, `modified` what rows call the first.
    `companions` reads what lands together with records; with those of the first walk only if `walked_too`.
    `shortened` gives a row without what must not be landed. `moved_with` lists the records that may have
    changed with others, read since a moment, though nothing says so; None where there were no others.
    """

    entity: str
    listed: KeyedList
    ids: KeyedList
    changed: str
    modified: str
    created: str | None  # None: records from before the start date are read too
    companions: Companions | None = None
    companion_entities: tuple[str, ...] = ()
    walked_too: bool = False
    walked_at_once: int | None = None  # records that land in one step of a walk; None: a whole request
    shortened: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    moved_with: Callable[[Reading, KeyedList, datetime], Iterator[Items] | None] | None = None


@dataclass(frozen=True)
class Records:
    """The stream of one kind of records."""

    kind: RecordKind
    after: tuple[str, ...] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        """The records, and what only this stream lands beside them."""
        return (self.kind.entity, *self.kind.companion_entities)

    def read(self, reading: Reading) -> Iterator[Step]:
        """A walk where none was completed, else the changes since; then the sweep."""
        yield from _Reader(self.kind, reading).steps()
        cast("BitrixPortal", reading.portal).raise_refused(self.kind.companion_entities)


class _Reader:
    """One reading of a kind of records."""

    def __init__(self, kind: RecordKind, reading: Reading) -> None:
        self._kind = kind
        self._reading = reading
        self._portal = cast("BitrixPortal", reading.portal)
        self._where = f"connection {reading.connection.name!r}, {kind.entity}"
        self._format: DateFormat | None = None
        self._watermark: str | None = reading.state.get("watermark")
        self._swept: str | None = reading.state.get("swept")
        self._walked: str | None = reading.state.get("walked")
        self._moved: str | None = reading.state.get("moved", self._watermark)

    def steps(self) -> Iterator[Step]:
        """All steps of a cycle."""
        reading, state = self._reading, self._reading.state
        is_known = "watermark" in state and "walk" not in state
        self._format = accepted_format(
            self._portal, reading.requester, reading.clock.now(), self._kind.ids, self._kind.changed
        )
        walked_at = None
        if self._format is None:
            reading.await_earlier()
        if self._is_walk_due(is_known=is_known):
            walked_at = yield from self._walk()
        reading.await_earlier()
        # After a walk as well: no deal may be older than its history, which was read meanwhile.
        if self._format or reading.since:
            yield from self._changes(walked_at)
        if self._kind.moved_with:
            yield from self._moves(self._kind.moved_with, is_walked=walked_at is not None)
        reading.flush()
        if self._is_sweep_due(is_known=is_known):
            yield from self._sweep()

    def _is_walk_due(self, *, is_known: bool) -> bool:
        """What bumps the time of change is not documented: once a week all is read again."""
        reading = self._reading
        if reading.from_scratch or reading.since is not None:
            return reading.from_scratch
        if not is_known or self._format is None:
            return True
        return reading.is_weekly_due(self._walked)

    def _is_sweep_due(self, *, is_known: bool) -> bool:
        """Small portals in every cycle, large ones once a day; a first walk has just seen all ids."""
        reading, swept = self._reading, self._reading.state.get("swept")
        if not is_known and not reading.from_scratch:
            return False
        if swept is None or reading.from_scratch or reading.is_thorough:
            return True
        if reading.clock.now() - parse_time(swept) > SWEEP_INTERVAL:
            return True
        return bool(reading.captures[self._kind.entity].alive().num_rows <= SWEPT_ALWAYS)

    def _walk(self) -> Generator[Step, None, datetime]:
        reading, state = self._reading, self._reading.state
        is_first = reading.from_scratch or "watermark" not in state
        alive = None if is_first else reading.captures[self._kind.entity].alive()
        unfinished = None if reading.from_scratch else state.get("walk")
        walk = unfinished or {"last": 0, "begun": reading.clock.server_started_at.isoformat()}
        listed = self._limited(self._kind.listed)
        keys = KeyWalk(self._portal, reading.requester, listed, walk["last"], confirms_end=True)
        for chain in keys.chains():
            for items in _slices(chain, self._kind.walked_at_once):
                last = int(items[-1][self._kind.listed.key])
                step = self._step(items, {**state, "walk": {**walk, "last": last}})
                yield self._accompanied(step, self._to_accompany(items, alive))
        self._watermark = self._walked = walk["begun"]
        yield self._done()
        return parse_time(walk["begun"])

    def _to_accompany(self, items: Items, alive: pa.Table | None) -> Items:
        """Those of a walk whose companions come with them.

        The first walk is beside the whole history. A later one may be what finds a restored record, whose
        history lies far behind the last row read.
        """
        if self._kind.walked_too:
            return items
        if alive is None or self._kind.companions is None:
            return []
        shown = pa.table({"id": pa.array(self._ids(items), pa.string())})
        returned = set(absent_ids(shown, alive))
        return [item for item in items if str(item[self._kind.listed.key]) in returned]

    def _changes(self, walked_at: datetime | None) -> Iterator[Step]:
        reading = self._reading
        stored = walked_at or (
            parse_time(reading.state["watermark"]) if "watermark" in reading.state else None
        )
        asked = datetime.combine(reading.since, time.min, UTC) if reading.since else None
        since = (asked or stored or reading.clock.now()) - OVERLAP
        changed = self._limited(self._kind.listed)
        condition = {f">={self._kind.changed}": written(since, self._format, self._where)}
        changed = replace(changed, filter={**changed.filter, **condition})
        read = 0
        for items in KeyWalk(self._portal, reading.requester, changed, confirms_end=True).chains():
            read += len(items)
            yield self._accompanied(self._step(items), items)
        if read and stored and since <= stored:
            self._watermark = reading.clock.server_started_at.isoformat()
            yield self._done()

    def _moves(self, moved_with: Callable[..., Iterator[Items] | None], *, is_walked: bool) -> Iterator[Step]:
        now = self._reading.clock.now().isoformat()
        found: Iterator[Items] | None = iter(())
        if self._moved and not is_walked:
            found = moved_with(self._reading, self._limited(self._kind.listed), parse_time(self._moved))
        if found is not None:
            for items in found:
                yield self._accompanied(self._step(items), items)
            self._moved = now
            yield self._done()

    def _sweep(self) -> Iterator[Step]:
        reading, kind = self._reading, self._kind
        alive = reading.captures[kind.entity].alive()
        shown = pa.table({"id": pa.array([], pa.string())})
        parts = [shown]
        ids = KeyWalk(self._portal, reading.requester, self._limited(kind.ids), expected=alive.num_rows)
        for items in ids.chains():
            parts.append(pa.table({"id": pa.array(self._ids(items), pa.string())}))
            yield Step()
        shown = pa.concat_tables(parts)
        for items in by_ids(self._portal, reading.requester, kind.listed, absent_ids(shown, alive)):
            yield self._accompanied(self._step(items), items)
        missing = absent_ids(alive, shown)
        self._refuse_lost_rights(missing, alive.num_rows)
        gone = self._confirmed(missing)
        if not reading.from_scratch:
            refuse_unlikely_loss(len(gone), alive.num_rows, kind.entity, self._where)
        if gone:
            entities = (kind.entity, *kind.companion_entities)
            yield Step({entity: reading.tombstones(gone) for entity in entities})
        if alive.num_rows > SWEPT_ALWAYS:
            self._swept = reading.clock.now().isoformat()
            yield self._done()

    def _done(self) -> Step:
        """Where the next cycle begins; without a watermark nothing was read to its end yet."""
        kept = {
            "watermark": self._watermark,
            "walked": self._walked,
            "moved": self._moved if self._kind.moved_with else None,
            "swept": self._swept,
        }
        return Step(state={name: moment for name, moment in kept.items() if moment})

    def _refuse_lost_rights(self, missing: list[str], alive: int) -> None:
        """Refuse an unlikely loss before hours are spent on its confirmation: a sample is telling enough."""
        if self._reading.from_scratch or len(missing) <= SAMPLE:
            return
        try:
            refuse_unlikely_loss(len(missing), alive, self._kind.entity, self._where)
        except UnlikelyLossError:
            if len(self._confirmed(missing[:SAMPLE])) == SAMPLE:
                raise

    def _confirmed(self, ids: list[str]) -> list[str]:
        """Those that do not answer to their id either, asked twice: no tombstone hangs on one reply."""
        for _ in range(2):
            pages = by_ids(self._portal, self._reading.requester, self._kind.ids, ids)
            shown = {native_id for items in pages for native_id in self._ids(items)}
            ids = [native_id for native_id in ids if native_id not in shown]
        return ids

    def _limited(self, listed: KeyedList) -> KeyedList:
        start = self._reading.connection.start_date
        if start is None or self._kind.created is None:
            return listed
        condition = {f">={self._kind.created}": since_day(start, self._format, self._where)}
        return replace(listed, filter={**listed.filter, **condition})

    def _accompanied(self, step: Step, items: Items) -> Step:
        """The same step with what lands together with its records, so that a kill cannot part them."""
        if self._kind.companions is None or not items:
            return step
        beside = self._kind.companions(self._portal, self._reading, self._ids(items))
        return replace(step, pages=step.pages | beside)

    def _step(self, items: Items, state: dict[str, Any] | None = None) -> Step:
        now = self._reading.clock.now()
        modified = [readable_time(item[self._kind.modified]) or now for item in items]
        shortened = self._kind.shortened
        rows = [shortened(item) for item in items] if shortened else items
        page = self._reading.page(self._ids(items), modified, rows)
        return Step({self._kind.entity: page}, state, len(items))

    def _ids(self, items: Items) -> list[str]:
        return [str(item[self._kind.listed.key]) for item in items]


def _slices(items: Items, size: int | None) -> Iterator[Items]:
    for start in range(0, len(items), size or len(items)):
        yield items[start : start + (size or len(items))]
