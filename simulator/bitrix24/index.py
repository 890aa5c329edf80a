"""The records a webhook's user may read, rendered once and kept until they change."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from simulator.bitrix24.filters import MOMENTS
from simulator.bitrix24.records import Renderer
from simulator.identifiers import bitrix24 as ids
from simulator.portal import to_json
from simulator.shown import HistoryRow, State, close_date, moves, place, stage_history

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from simulator.model import Deal, World
    from simulator.options import Options


class DealRow:
    """A deal as it is now."""

    def __init__(self, deal: Deal, state: State, renderer: Renderer) -> None:
        self.key = ids.deal_id(deal.number)
        self.deal = deal
        self.state = state
        self.change_count = len(deal.changes)
        self.renderer = renderer
        self.is_deleted = bool(state["is_deleted"])
        self.modified_at = deal.changes[-1].at
        self._whole: bytes | None = None

    def look_up(self, name: str) -> Any:
        """A field in comparable form: moments as moments, everything else as it is shown."""
        reader = self._readers.get(name)
        return self.values().get(name) if reader is None else reader(self)

    def midnight(self, value: date | datetime | None) -> datetime | None:
        """The midnight that a date-only field is written as."""
        text = self.renderer.day(value)
        return None if text is None else datetime.fromisoformat(text)

    _readers: ClassVar[dict[str, Callable[[DealRow], Any]]] = {
        "id": lambda row: row.key,
        "updatedTime": lambda row: row.modified_at,
        "lastActivityTime": lambda row: row.modified_at,
        "createdTime": lambda row: row.deal.created_at,
        "movedTime": lambda row: moves(row.deal)[-1].at,
        "begindate": lambda row: row.midnight(row.deal.created_at),
        "closedate": lambda row: row.midnight(close_date(row.state)),
        "categoryId": lambda row: ids.pipeline_id(place(row.state)[0]),
        "stageId": lambda row: ids.stage_id(*place(row.state)),
    }

    def values(self) -> dict[str, Any]:
        """All of its fields under their original names."""
        return self.renderer.deal(self.deal, self.state)

    def whole(self) -> bytes:
        """All of its fields as JSON."""
        if self._whole is None:
            self._whole = to_json(self.values())
        return self._whole


class RenamedDealRow:
    """A deal with its custom fields under converted names."""

    def __init__(self, row: DealRow) -> None:
        self.key = row.key
        self.row = row

    def look_up(self, name: str) -> Any:
        """A field in comparable form."""
        return self.row.look_up(original_name(name))

    def values(self) -> dict[str, Any]:
        """All of its fields under their converted names."""
        return {shown_name(name): value for name, value in self.row.values().items()}

    def whole(self) -> bytes:
        """All of its fields as JSON."""
        return to_json(self.values())


class HistoryEntry:
    """A row of the stage history."""

    def __init__(self, row: HistoryRow, renderer: Renderer) -> None:
        self.key = row.number
        self.row = row
        self.renderer = renderer
        self._whole: bytes | None = None

    def look_up(self, name: str) -> Any:
        """A field in comparable form."""
        if name == "ID":
            return self.key
        return self.row.at if name in MOMENTS else self.values()[name]

    def values(self) -> dict[str, Any]:
        """All of its fields."""
        return self.renderer.history(self.row)

    def whole(self) -> bytes:
        """All of its fields as JSON."""
        if self._whole is None:
            self._whole = to_json(self.values())
        return self._whole


class Index:
    """All that can be listed of one version of the world."""

    def __init__(self, world: World, options: Options) -> None:
        self.world = world
        self.options = options
        self.renderer = Renderer(world, options.payload_bytes)
        self.version = -1
        self._rows: list[DealRow] = []
        self._entries: list[HistoryEntry] = []
        self.deals: list[DealRow] = []
        self.history: list[HistoryEntry] = []
        self.item_fields: frozenset[str] = frozenset()

    def refresh(self) -> None:
        """Take in what has happened since; what did not change keeps its rendering."""
        world = self.world
        if self.version == world.version:
            return
        for position, deal in enumerate(world.deals):
            if position == len(self._rows):
                self._rows.append(self._row(deal))
            elif self._rows[position].change_count != len(deal.changes):
                self._rows[position] = self._row(deal)
        self.deals = [row for row in self._rows if self._can_read(row)]
        self._refresh_history()
        self.item_fields = frozenset(self._rows[0].values())
        self.version = world.version

    def _row(self, deal: Deal) -> DealRow:
        return DealRow(deal, deal.state_at(self.world.now), self.renderer)

    def _can_read(self, row: DealRow) -> bool:
        return not row.is_deleted and row.state["owner"] not in self.options.hidden_owners

    def _refresh_history(self) -> None:
        rows = stage_history(self.world)
        self._entries += [HistoryEntry(row, self.renderer) for row in rows[len(self._entries) :]]
        present = {row.key: place(row.state)[0] for row in self.deals}
        # A deal that changed pipelines shows only the rows of the pipeline it is in now.
        self.history = [
            entry
            for entry in self._entries
            if present.get(ids.deal_id(entry.row.deal.number)) == entry.row.pipeline
        ]

    def deal(self, key: int) -> DealRow | None:
        """A readable deal by its id."""
        return next((row for row in self.deals if row.key == key), None)


def shown_name(name: str) -> str:
    """The converted form of a custom field's original name."""
    return name.replace("UF_CRM_", "ufCrm_", 1)


def original_name(name: str) -> str:
    """The original form of a custom field's name."""
    return name.replace("ufCrm_", "UF_CRM_", 1)
