"""The records a webhook's user may read, rendered once and kept until they change."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from simulator.bitrix24.acts import activity_row, task_row
from simulator.bitrix24.history import HistoryWriter, lead_history
from simulator.bitrix24.items import COMPANY, CONTACT, DEAL, LEAD, ItemWriter
from simulator.bitrix24.records import Renderer
from simulator.bitrix24.returning import Returning
from simulator.bitrix24.rows import HistoryEntry, Kind, ShownRow
from simulator.identifiers import bitrix24 as ids
from simulator.shown import State, moves, place, stage_history

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.model import Record, World
    from simulator.options import Options

# What can be asked of a kind that has no records yet.
FIRST_FIELDS = frozenset({"id", "createdTime", "updatedTime"})


def _modified(record: Record, _state: State) -> Any:
    return record.changes[-1].at


def _created(record: Record, _state: State) -> Any:
    return record.created_at


TIMES_OF_CHANGE = {"updatedTime", "LAST_UPDATED", "changedDate", "CREATED_TIME"}
MOMENTS_OF_ITEMS: dict[str, Callable[[Any, State], Any]] = {
    "updatedTime": _modified,
    "lastActivityTime": _modified,
    "createdTime": _created,
}
PLACES: dict[str, Callable[[Any, State], Any]] = {
    "movedTime": lambda record, _state: moves(record)[-1].at,
    "categoryId": lambda _record, state: ids.pipeline_id(place(state)[0]),
    "stageId": lambda _record, state: ids.stage_id(*place(state)),
}


def camel(name: str) -> str:
    """How answers about tasks name a field that filters name in capitals."""
    first, *others = name.lower().split("_")
    return first + "".join(word.capitalize() for word in others)


class Index:
    """All that can be listed of one version of the world."""

    def __init__(self, world: World, options: Options) -> None:
        self.world = world
        self.options = options
        self.renderer = Renderer(world, options)
        self.version = -1
        self._writer = ItemWriter(self.renderer, Returning(world))
        self._history_writer = HistoryWriter(self.renderer)
        self.items = self._item_kinds()
        self.acts = self._act_kinds()
        self._all: dict[str, list[ShownRow]] = {}
        self._entries: dict[str, list[HistoryEntry]] = {"deal": [], "lead": []}
        self._hidden: set[tuple[str, int]] = set()
        self.rows: dict[str, list[ShownRow]] = {}
        self.histories: dict[int, list[HistoryEntry]] = {}
        self.item_fields: dict[int, frozenset[str]] = {}

    def _item_kinds(self) -> dict[int, Kind]:
        common = MOMENTS_OF_ITEMS
        lead, deal, contact, company = (
            self._as_listed(write)
            for write in (self._writer.lead, self._writer.deal, self._writer.contact, self._writer.company)
        )
        kinds = {
            LEAD: Kind("lead", lambda world: world.leads, ids.lead_id, lead, common),
            DEAL: Kind("deal", lambda world: world.deals, ids.deal_id, deal, common | PLACES),
            CONTACT: Kind("contact", lambda world: world.contacts, ids.contact_id, contact, common),
            COMPANY: Kind("company", lambda world: world.companies, ids.company_id, company, common),
        }
        if self.options.is_simple_mode:
            del kinds[LEAD]
        return kinds

    def _act_kinds(self) -> tuple[Kind, Kind]:
        renderer = self.renderer
        return (
            Kind(
                "activity",
                lambda world: world.activities,
                ids.activity_id,
                self._as_listed(lambda record, state: activity_row(renderer, record, state)),
                {"LAST_UPDATED": lambda record, _state: renderer.touched_at(record), "CREATED": _created},
                is_listed=ids.has_activity,
            ),
            Kind(
                "task",
                lambda world: world.activities,
                ids.task_id,
                self._as_listed(lambda record, state: task_row(renderer, record, state)),
                {"CHANGED_DATE": _modified, "CREATED_DATE": _created},
                is_listed=ids.has_task,
                shown=camel,
            ),
        )

    def _as_listed(self, write: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        """The same writer, less the fields and times that this portal does not tell."""
        unlisted, untimed = self.options.unlisted_fields, self.options.untimed

        def written(*record: Any) -> dict[str, Any]:
            row = {name: value for name, value in write(*record).items() if name not in unlisted}
            if int(row.get("id", row.get("ID", 0))) in untimed:
                row |= dict.fromkeys(TIMES_OF_CHANGE & row.keys(), "")
            return row

        return written if unlisted or untimed else write

    @property
    def deals(self) -> list[ShownRow]:
        """The deals that can be read."""
        return self.rows["deal"]

    @property
    def history(self) -> list[HistoryEntry]:
        """The stage history of deals that can be read."""
        return self.histories[DEAL]

    def refresh(self) -> None:
        """Take in what has happened since; what did not change keeps its rendering."""
        if self.version == self.world.version:
            return
        self._writer.returning = Returning(self.world)
        for kind in (*self.items.values(), *self.acts):
            self.rows[kind.name] = [row for row in self._refreshed(kind) if self._can_read(row)]
        self._refresh_histories()
        for entity_type, kind in self.items.items():
            rows = self._all[kind.name]
            self.item_fields[entity_type] = frozenset(rows[0].values()) if rows else FIRST_FIELDS
        self._hidden = {
            (kind.name, row.record.number)
            for kind in self.items.values()
            for row in self._all[kind.name]
            if row.state.get("owner") in self.options.hidden_owners
        }
        self.version = self.world.version

    def is_hidden(self, kind: str, number: int) -> bool:
        """Whether the webhook's user has no right to read a record, be it deleted or not."""
        return (kind, number) in self._hidden

    def _refreshed(self, kind: Kind) -> list[ShownRow]:
        known = {row.record.number: row for row in self._all.get(kind.name, ())}
        rows = []
        for record in kind.records(self.world):
            row = known.get(record.number)
            if row is None and not kind.is_listed(record):
                continue
            if row is None or row.change_count != len(record.changes):
                row = ShownRow(kind, record, record.state_at(self.world.now))
            rows.append(row)
        self._all[kind.name] = sorted(rows, key=lambda row: row.key)
        return self._all[kind.name]

    def _can_read(self, row: ShownRow) -> bool:
        return not row.is_deleted and row.state.get("owner") not in self.options.hidden_owners

    def _refresh_histories(self) -> None:
        deals, leads = self._entries["deal"], self._entries["lead"]
        write = self._history_writer
        deal = self._as_listed(write.deal)
        deals += [
            HistoryEntry(row.number, row.at, row, deal) for row in stage_history(self.world)[len(deals) :]
        ]
        present = {row.record.number: place(row.state)[0] for row in self.deals}
        # A deal that changed pipelines shows only the rows of the pipeline it is in now.
        self.histories[DEAL] = [
            entry for entry in deals if present.get(entry.row.deal.number) == entry.row.pipeline
        ]
        if LEAD in self.items:
            leads += [
                HistoryEntry(row.number, row.at, row, write.lead)
                for row in lead_history(self.world)[len(leads) :]
            ]
            readable = {row.record.number for row in self.rows["lead"]}
            self.histories[LEAD] = [entry for entry in leads if entry.row.lead.number in readable]

    def item(self, entity_type: int, key: int) -> ShownRow | None:
        """A readable item by its id."""
        return self.find(self.items[entity_type].name, key)

    def find(self, kind: str, key: int) -> ShownRow | None:
        """A readable record by its id."""
        rows = self.rows[kind]
        position = bisect_left(rows, key, key=lambda row: row.key)
        return rows[position] if position < len(rows) and rows[position].key == key else None
