"""Stage history: entries into stages, read on from the last one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pyarrow as pa

from extract.core.clock import parse_time
from extract.core.errors import TerminalError
from extract.core.source import Step
from extract.sources.bitrix24.walks import Items, KeyedList, KeyWalk, by_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.core.http import Requester
    from extract.core.source import Reading
    from extract.sources.bitrix24.api import BitrixPortal

OVERLAP = 100  # ids are given out before their rows become visible
HISTORY = KeyedList("crm.stagehistory.list", "ID", {"entityTypeId": 2}, proof="CREATED_TIME")


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
            state = {"last": max(last, int(rows[-1]["ID"]))}
            yield Step({"deal_stage_history": _page(reading, rows)}, state, len(rows))


def history_of(
    portal: BitrixPortal, requester: Requester, reading: Reading, deal_ids: list[str]
) -> dict[str, pa.Table]:
    """All rows of these deals that the portal shows now.

    A deal that moves back to a pipeline, or is restored, shows rows again whose ids lie far behind
    the last one read.
    """
    try:
        pages = list(by_values(portal, requester, HISTORY, "OWNER_ID", deal_ids))
    except TerminalError:
        return {}  # the stream of the history itself says why it may not be read
    return {"deal_stage_history": pa.concat_tables([_page(reading, rows) for rows in pages])} if pages else {}


def _page(reading: Reading, rows: Items) -> pa.Table:
    ids = [str(row["ID"]) for row in rows]
    return reading.page(ids, [parse_time(row["CREATED_TIME"]) for row in rows], rows)
