"""Deals: a first walk over all, then what changed, then a sweep of ids for what was deleted or restored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from extract.core.clock import parse_time
from extract.core.lake import absent_ids
from extract.core.losses import refuse_unlikely_loss
from extract.core.source import Step
from extract.sources.bitrix24.dates import accepted_format, created_since, written
from extract.sources.bitrix24.history import history_of
from extract.sources.bitrix24.walks import Items, KeyedList, KeyWalk, by_ids

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from extract.core.source import Reading
    from extract.sources.bitrix24.api import BitrixPortal
    from extract.sources.bitrix24.dates import DateFormat

OVERLAP = timedelta(minutes=10)  # changes become visible out of order
# A sweep of 20,000 ids takes a minute of execution time; a million would take most of an hour's share.
SWEPT_ALWAYS = 20_000
SWEEP_INTERVAL = timedelta(hours=20)
DEALS = KeyedList(
    "crm.item.list",
    "id",
    {"entityTypeId": 2, "select": ["*", "UF_*"], "useOriginalUfNames": "Y"},
    proof="updatedTime",
)
DEAL_IDS = KeyedList("crm.item.list", "id", {"entityTypeId": 2, "select": ["id"]})


@dataclass(frozen=True)
class Deals:
    """The stream of deals."""

    entities: tuple[str, ...] = ("deals",)
    after: tuple[str, ...] = ("deal_stage_history",)  # so that no deal is older than its history

    def read(self, reading: Reading) -> Iterator[Step]:
        """A walk where none was completed, else the changes since; then the sweep."""
        yield from _DealReader(reading).steps()


class _DealReader:
    """One reading of deals."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._portal = cast("BitrixPortal", reading.portal)
        self._format: DateFormat | None = None
        self._watermark: str | None = reading.state.get("watermark")
        self._swept: str | None = reading.state.get("swept")

    def steps(self) -> Iterator[Step]:
        """All steps of a cycle."""
        reading, state = self._reading, self._reading.state
        is_known = "watermark" in state and "walk" not in state
        self._format = self._probe_format()
        walked_at = None
        if self._format is None:
            reading.await_earlier()
        if reading.from_scratch or (reading.since is None and (not is_known or self._format is None)):
            walked_at = yield from self._walk()
        reading.await_earlier()
        # After a walk as well: no deal may be older than its history, which was read meanwhile.
        if self._format or reading.since:
            yield from self._changes(walked_at)
        reading.flush()
        if self._is_sweep_due(is_known=is_known):
            yield from self._sweep()

    def _is_sweep_due(self, *, is_known: bool) -> bool:
        """Small portals in every cycle, large ones once a day; a first walk has just seen all ids."""
        reading, swept = self._reading, self._reading.state.get("swept")
        if not is_known and not reading.from_scratch:
            return False
        if swept is None or reading.from_scratch or reading.clock.now() - parse_time(swept) > SWEEP_INTERVAL:
            return True
        return bool(reading.captures["deals"].alive().num_rows <= SWEPT_ALWAYS)

    def _probe_format(self) -> DateFormat | None:
        return accepted_format(self._portal, self._reading.requester, self._reading.clock.now())

    def _walk(self) -> Generator[Step, None, datetime]:
        reading, state = self._reading, self._reading.state
        unfinished = None if reading.from_scratch else state.get("walk")
        walk = unfinished or {"last": 0, "begun": reading.clock.server_started_at.isoformat()}
        keys = KeyWalk(self._portal, reading.requester, self._limited(DEALS), walk["last"])
        for items in keys.chains():
            yield self._step(items, {**state, "walk": {**walk, "last": items[-1]["id"]}})
        self._watermark = walk["begun"]
        yield self._done()
        return parse_time(walk["begun"])

    def _changes(self, walked_at: datetime | None) -> Iterator[Step]:
        reading = self._reading
        stored = walked_at or (
            parse_time(reading.state["watermark"]) if "watermark" in reading.state else None
        )
        asked = datetime.combine(reading.since, time.min, UTC) if reading.since else None
        since = (asked or stored or reading.clock.now()) - OVERLAP
        changed = replace(
            DEALS,
            filter={
                ">=updatedTime": written(since, self._format, reading.connection.name),
                **self._started(),
            },
        )
        read = 0
        for items in KeyWalk(self._portal, reading.requester, changed).chains():
            read += len(items)
            yield self._step_with_history(items)
        if read and stored and since <= stored:
            self._watermark = reading.clock.server_started_at.isoformat()
            yield self._done()

    def _sweep(self) -> Iterator[Step]:
        reading, captures = self._reading, self._reading.captures["deals"]
        shown = pa.table({"id": pa.array([], pa.string())})
        parts = [shown]
        for items in KeyWalk(self._portal, reading.requester, self._limited(DEAL_IDS)).chains():
            parts.append(pa.table({"id": pa.array([str(item["id"]) for item in items], pa.string())}))
            yield Step()
        shown, alive = pa.concat_tables(parts), captures.alive()
        for items in by_ids(self._portal, reading.requester, DEALS, absent_ids(shown, alive)):
            yield self._step_with_history(items)
        gone = self._confirmed(absent_ids(alive, shown))
        if not reading.from_scratch:
            where = f"connection {reading.connection.name!r}, deals"
            refuse_unlikely_loss(len(gone), alive.num_rows, "deals", where)
        if gone:
            yield Step({"deals": reading.tombstones(gone)})
        if alive.num_rows > SWEPT_ALWAYS:
            self._swept = reading.clock.now().isoformat()
            yield self._done()

    def _done(self) -> Step:
        """Where the next cycle begins; without a watermark nothing was read to its end yet."""
        kept = {"watermark": self._watermark, "swept": self._swept}
        return Step(state={name: moment for name, moment in kept.items() if moment})

    def _confirmed(self, ids: list[str]) -> list[str]:
        """Those that do not answer to their id either, asked twice: no tombstone hangs on one reply."""
        for _ in range(2):
            pages = by_ids(self._portal, self._reading.requester, DEAL_IDS, ids)
            shown = {str(item["id"]) for items in pages for item in items}
            ids = [native_id for native_id in ids if native_id not in shown]
        return ids

    def _limited(self, listed: KeyedList) -> KeyedList:
        return replace(listed, filter={**listed.filter, **self._started()})

    def _started(self) -> dict[str, str]:
        connection = self._reading.connection
        return created_since(connection.start_date, self._format, connection.name)

    def _step_with_history(self, items: Items) -> Step:
        ids = [str(item["id"]) for item in items]
        step = self._step(items)
        return replace(
            step, pages=step.pages | history_of(self._portal, self._reading.requester, self._reading, ids)
        )

    def _step(self, items: Items, state: dict[str, Any] | None = None) -> Step:
        ids = [str(item["id"]) for item in items]
        modified = [parse_time(item["updatedTime"]) for item in items]
        return Step({"deals": self._reading.page(ids, modified, items)}, state, len(items))
