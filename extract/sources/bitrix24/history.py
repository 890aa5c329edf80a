"""Stage history: entries into stages, read on from the last one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from extract.core.clock import parse_time
from extract.core.source import Step
from extract.sources.bitrix24.walks import KeyedList, KeyWalk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.core.source import Reading
    from extract.sources.bitrix24.api import BitrixPortal

OVERLAP = 100  # ids are given out before their rows become visible
HISTORY = KeyedList("crm.stagehistory.list", "ID", {"entityTypeId": 2})


@dataclass(frozen=True)
class StageHistory:
    """The stream of stage history; rows that vanish are hidden, not deleted."""

    entities: tuple[str, ...] = ("deal_stage_history",)
    after: tuple[str, ...] = ()

    def read(self, reading: Reading) -> Iterator[Step]:
        """Everything behind the last row, and a few rows before it."""
        last = 0 if reading.from_scratch else int(reading.state.get("last", 0))
        portal = cast("BitrixPortal", reading.portal)
        walk = KeyWalk(portal, reading.requester, HISTORY, max(0, last - OVERLAP))
        for rows in walk.chains():
            ids = [str(row["ID"]) for row in rows]
            entered = [parse_time(row["CREATED_TIME"]) for row in rows]
            page = reading.page(ids, entered, rows)
            yield Step({"deal_stage_history": page}, {"last": max(last, int(ids[-1]))}, len(rows))
