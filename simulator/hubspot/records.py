"""Records as HubSpot objects: their properties as texts, their envelope, and all of a type by id."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from simulator.hubspot.timeline import LINKS, Timeline
from simulator.identifiers import hubspot as ids
from simulator.portal import to_json

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.hubspot.facts import Facts
    from simulator.hubspot.types import ObjectType
    from simulator.model import Record, World

Wanted = tuple[tuple[str, ...], tuple[str, ...]]
Properties = dict[str, str | None]
CACHED_FORMS = 2
KEPT_IN_RECYCLE_BIN = timedelta(days=90)


class ObjectRow(ABC):
    """A record as it is now."""

    def __init__(self, record: Record, type_: ObjectType, facts: Facts, padding: str | None) -> None:
        self.record = record
        self.type = type_
        self.facts = facts
        self.padding = padding
        self.merges = facts.merges(type_.kind)
        self.key = type_.key(record, self.merges)
        self.signature = self.signature_of(record, facts, type_)
        self.state = record.state_at(facts.world.now)
        self.modified_at = self._modified_at()
        self.modified_milliseconds = ids.epoch_milliseconds(self.modified_at)
        self.is_merged = self.state.get("merged_into") is not None
        self.is_archived = bool(self.state.get("is_deleted")) and not self.is_merged
        self._rendered: dict[Wanted, bytes] = {}
        self._properties: Properties | None = None

    @classmethod
    def signature_of(cls, record: Record, facts: Facts, type_: ObjectType) -> tuple[int, ...]:
        """What tells that a row is out of date."""
        return len(record.changes), facts.merges(type_.kind).count(record.number)

    def _modified_at(self) -> datetime:
        own = (change.at for change in reversed(self.record.changes) if change.name not in LINKS)
        return max(next(own, self.record.created_at), *self._other_changes(), self.record.created_at)

    def _other_changes(self) -> list[datetime]:
        """When something else than a change of its own changed the record."""
        return self.merges.merged_at(self.record.number)

    @property
    def is_shown(self) -> bool:
        """Whether HubSpot has it at all."""
        return not self.is_merged

    @abstractmethod
    def _timeline(self) -> Timeline:
        """Every property that was ever set."""

    def _computed(self) -> Properties:
        """What HubSpot works out itself."""
        return {}

    def properties(self) -> Properties:
        """Every property that has ever had a value."""
        if self._properties is None:
            self._properties = self._read_properties(self._timeline())
        return self._properties

    def _read_properties(self, kept: Timeline) -> Properties:
        found: Properties = {name: versions[-1].value for name, versions in kept.items()}
        created_at = ids.instant_text(self.record.created_at)
        found |= {
            "hs_object_id": str(self.key),
            "createdate": created_at,
            "hs_createdate": created_at,
            self.type.modified: ids.instant_text(self.modified_at),
            "hs_created_by_user_id": str(ids.user_id(self.record.created_by)),
        }
        return found | self._merged_properties() | self._computed()

    def _merged_properties(self) -> Properties:
        earlier = self.merges.earlier_keys(self.record.number)
        if not earlier:
            return {}
        pairs = [f"{key}:{ids.epoch_milliseconds(at)}" for key, at in earlier]
        return {
            "hs_merged_object_ids": ";".join(str(key) for key, _ in earlier),
            "hs_calculated_merged_vids": ";".join(pairs),
        }

    def render(self, wanted: Wanted) -> bytes:
        """The object with the asked properties; known ones without a value are null, unknown ones absent."""
        kept = self._rendered.get(wanted)
        if kept is None:
            kept = to_json(self._envelope(*wanted))
            if len(self._rendered) >= CACHED_FORMS:
                self._rendered.clear()
            self._rendered[wanted] = kept
        return kept

    def _envelope(self, names: tuple[str, ...], with_history: tuple[str, ...]) -> dict[str, Any]:
        kept = self._timeline() if with_history else {}
        if with_history and self._properties is None:
            self._properties = self._read_properties(kept)
        values = self.properties()
        known, always = self.type.known, self.type.always
        asked = dict.fromkeys(
            (*names, *with_history, *always) if names or with_history else self.type.default
        )
        envelope: dict[str, Any] = {
            "id": str(self.key),
            "properties": {name: values.get(name) for name in asked if name in known},
        }
        if with_history:
            envelope["propertiesWithHistory"] = {
                name: [version.shown() for version in reversed(kept.get(name, []))]
                for name in with_history
                if name in known
            }
        envelope |= {
            "createdAt": ids.instant_text(self.record.created_at),
            "updatedAt": ids.instant_text(self.modified_at),
            "archived": self.is_archived,
        }
        if self.is_archived:
            envelope["archivedAt"] = ids.instant_text(self.archived_at())
        return envelope

    def archived_at(self) -> datetime:
        """When it was last put into the recycle bin."""
        return next(c.at for c in reversed(self.record.changes) if c.name == "is_deleted" and c.value is True)


class Index:
    """All records of a type in one version of the world."""

    def __init__(self, world: World, type_: ObjectType, facts: Facts, padding: str | None = None) -> None:
        self.world = world
        self.type = type_
        self.facts = facts
        self.padding = padding
        self.version = -1
        self._rows: dict[int, ObjectRow] = {}
        self.present: list[ObjectRow] = []
        self.archived: list[ObjectRow] = []
        self.by_key: dict[int, ObjectRow] = {}

    def refresh(self) -> None:
        """Take in what has happened since; what did not change keeps its rendering."""
        if self.version == self.world.version:
            return
        self._rows = {record.number: self._row(record) for record in self.type.records(self.world)}
        shown = sorted((row for row in self._rows.values() if self._is_kept(row)), key=lambda row: row.key)
        self.present = [row for row in shown if not row.is_archived]
        self.archived = [row for row in shown if row.is_archived]
        self.by_key = {row.key: row for row in shown}
        for row in shown:
            self.by_key |= dict.fromkeys((key for key, _ in row.merges.earlier_keys(row.record.number)), row)
        self.version = self.world.version

    def _is_kept(self, row: ObjectRow) -> bool:
        return row.is_shown and not (
            row.is_archived and self.world.now - row.archived_at() >= KEPT_IN_RECYCLE_BIN
        )

    def row_of(self, number: int) -> ObjectRow | None:
        """The row of a record by its number in the world."""
        return self._rows.get(number)

    def _row(self, record: Record) -> ObjectRow:
        row = self._rows.get(record.number)
        make = self.type.row
        if row is None or row.signature != make.signature_of(record, self.facts, self.type):
            row = make(record, self.type, self.facts, self.padding)
        return row
