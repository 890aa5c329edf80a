"""Stage history: entries into stages, read on from the last one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pyarrow as pa

from extract.core.clock import readable_time
from extract.core.errors import TerminalError
from extract.core.source import Step
from extract.sources.bitrix24.walks import Items, KeyedList, KeyWalk, by_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.core.source import Reading
    from extract.sources.bitrix24.api import BitrixPortal

OVERLAP = 100  # ids are given out before their rows become visible


@dataclass(frozen=True)
class StageHistory:
    """The stream of the history of one kind of items; rows that vanish are hidden, not deleted."""

    entity: str
    entity_type: int
    after: tuple[str, ...] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        """What it lands."""
        return (self.entity,)

    @property
    def listed(self) -> KeyedList:
        """The list of its rows."""
        params = {"entityTypeId": self.entity_type}
        return KeyedList("crm.stagehistory.list", "ID", params, proof="CREATED_TIME")

    def read(self, reading: Reading) -> Iterator[Step]:
        """Everything behind the last row, and a few rows before it."""
        last = 0 if reading.from_scratch else int(reading.state.get("last", 0))
        portal = cast("BitrixPortal", reading.portal)
        after = max(0, last - OVERLAP)
        walk = KeyWalk(portal, reading.requester, self.listed, after, confirms_end=not after)
        for rows in walk.chains():
            state = {"last": max(last, int(rows[-1]["ID"]))}
            yield Step({self.entity: _page(reading, rows)}, state, len(rows))

    def rows_of(self, portal: BitrixPortal, reading: Reading, ids: list[str]) -> dict[str, pa.Table]:
        """All rows of these items that the portal shows now.

        A deal that moves back to a pipeline, or is restored, shows rows again whose ids lie far behind
        the last one read.
        """
        try:
            pages = list(by_values(portal, reading.requester, self.listed, "OWNER_ID", ids))
        except TerminalError:
            return {}  # the stream of the history itself says why it may not be read
        return {self.entity: pa.concat_tables([_page(reading, rows) for rows in pages])} if pages else {}


def _page(reading: Reading, rows: Items) -> pa.Table:
    ids = [str(row["ID"]) for row in rows]
    now = reading.clock.now()
    return reading.page(ids, [readable_time(row["CREATED_TIME"]) or now for row in rows], rows)


DEAL_HISTORY = StageHistory("deal_stage_history", 2)
LEAD_HISTORY = StageHistory("lead_stage_history", 1)
