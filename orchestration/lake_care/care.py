"""The nightly care of a home: the command `compact` and the nightly job do the same."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from extract.core import locks
from extract.core.lake import Lake
from orchestration.lake_care.compaction import Compacted, compact_lake
from orchestration.lake_care.pruning import prune

if TYPE_CHECKING:
    from datetime import date

    from orchestration.places import Places
    from orchestration.watching import Watcher


@dataclass(frozen=True)
class Care:
    """What was done."""

    compacted: Compacted
    freed: int
    seconds: float


def compact(places: Places, watcher: Watcher, today: date | None = None) -> Care:
    """Compact the lake's closed days and remove what piles up, while nothing else runs on this home.

    Args:
        places: The home.
        watcher: Told the tables.
        today: What landed before this day (UTC) is closed; the present day without it.

    Raises:
        LockedError: When a run is under way.
    """
    started = time.monotonic()
    with locks.hold(places.locks, every_lock(places)):
        day = today or datetime.now(UTC).date()
        watcher.step("Compacting the lake")
        compacted = compact_lake(places, day, watcher.built)
        watcher.step("Removing what is no longer needed")
        freed = prune(places)
    return Care(compacted, freed, time.monotonic() - started)


def every_lock(places: Places) -> list[str]:
    """The names of the warehouse's lock and of every connection that ever landed."""
    lake = Lake(places.home)
    landed = {file.connection for crm, entity in lake.tables() for file in lake.committed_files(crm, entity)}
    return [locks.WAREHOUSE, *sorted(landed | lake.landed_connections().keys())]
