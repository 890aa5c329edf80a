"""The life of each record, source-blind: its versions, its stage events, its snapshots, its deletions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from simulator.visible_records import (
        VisibleDeal,
        VisibleDeletion,
        VisibleLead,
        VisiblePortal,
        VisiblePropertyRow,
        VisibleStageRow,
    )

R = TypeVar("R", "VisibleDeal", "VisibleLead")
STAGE_PROPERTIES = {"deal": ("dealstage", "pipeline"), "lead": ("hs_pipeline_stage", "hs_pipeline")}


@dataclass(frozen=True)
class Event:
    """An entry into a stage that the CRM told."""

    at: datetime
    order: int
    pipeline_id: str
    stage_id: str
    is_move: bool = False

    @property
    def place(self) -> tuple[str, str]:
        """Pipeline and stage."""
        return self.pipeline_id, self.stage_id


@dataclass(frozen=True)
class Snapshot:
    """Who was responsible and what it was worth, from an instant on."""

    valid_from: datetime
    owner_id: str | None
    amount: Decimal | None
    currency: str | None
    close_date: date | datetime | None = None
    probability: Decimal | None = None


@dataclass(frozen=True)
class Version(Generic[R]):
    """A record as captured, and when that version was first seen."""

    record: R
    captured_at: datetime

    @property
    def place(self) -> tuple[str, str]:
        """Pipeline and stage."""
        return self.record.pipeline_id, self.record.stage_id

    @property
    def moved_at(self) -> datetime:
        """The best known time of its entry into its stage."""
        return self.record.moved_at or self.record.modified_at


@dataclass(frozen=True)
class History(Generic[R]):
    """All that is known of one record."""

    versions: list[Version[R]]
    events: list[Event]
    snapshots: list[Snapshot]
    deletions: list[VisibleDeletion] = field(default_factory=list)

    @property
    def is_deleted(self) -> bool:
        """Whether it is gone now."""
        return bool(self.deletions) and self.deletions[-1].restored_at is None

    @property
    def newest(self) -> Version[R]:
        """The present state, or the last known one."""
        return self.versions[-1]

    def state_at(self, moment: datetime) -> tuple[Snapshot, bool]:
        """The state valid at an instant, and whether it is the present one carried back."""
        valid = [snapshot for snapshot in self.snapshots if snapshot.valid_from <= moment]
        if valid:
            return valid[-1], False
        return _captured(self.newest), True


def deal_histories(portal: VisiblePortal) -> dict[str, History[VisibleDeal]]:
    """The histories of all deals that are no templates and were not merged into others, by native id."""
    versions = _versions([(capture.at, capture.deals) for capture in portal.captures])
    merged = _merged_away(versions)
    return _histories(
        portal, "deal", {native_id: found for native_id, found in versions.items() if native_id not in merged}
    )


def lead_histories(portal: VisiblePortal) -> dict[str, History[VisibleLead]]:
    """The histories of all leads, by native id."""
    captured = [(capture.at, capture.leads) for capture in portal.captures]
    return _histories(portal, "lead", _versions(captured))


def _merged_away(deals: dict[str, list[Version[VisibleDeal]]]) -> set[str]:
    """The ids of deals that others stand for."""
    return {
        merged for versions in deals.values() for version in versions for merged in version.record.merged_ids
    }


def _histories(
    portal: VisiblePortal, record_type: str, versions_by_id: dict[str, list[Version[R]]]
) -> dict[str, History[R]]:
    stage_rows: dict[str, list[VisibleStageRow]] = defaultdict(list)
    for stage_row in portal.stage_rows:
        if stage_row.record_type == record_type:
            stage_rows[stage_row.record_id].append(stage_row)
    property_rows: dict[str, list[VisiblePropertyRow]] = defaultdict(list)
    for property_row in portal.property_rows:
        if property_row.record_type == record_type:
            property_rows[property_row.record_id].append(property_row)
    found: dict[str, History[R]] = {}
    for native_id, versions in versions_by_id.items():
        if versions[-1].record.is_template:
            continue
        properties = sorted(property_rows[native_id], key=lambda row: (row.set_at, row.order))
        events = _events_of_rows(stage_rows[native_id]) + _events_of_properties(properties, record_type)
        found[native_id] = History(
            versions=versions,
            events=sorted(events, key=lambda event: (event.at, event.order)),
            snapshots=_snapshots(versions, properties, told=portal.crm == "hubspot"),
            deletions=portal.deletions.get((record_type, native_id), []),
        )
    return found


def _versions(captures: list[tuple[datetime, dict[str, R]]]) -> dict[str, list[Version[R]]]:
    versions: dict[str, list[Version[R]]] = {}
    for at, records in captures:
        for native_id, record in records.items():
            known = versions.setdefault(native_id, [])
            if not known or known[-1].record != record:
                known.append(Version(record, at))
    return versions


def _events_of_rows(rows: list[VisibleStageRow]) -> list[Event]:
    """The portal calls every row a move but the one written at the creation."""
    return [
        Event(row.entered_at, row.order, row.pipeline_id, row.stage_id, is_move=row.order > 0) for row in rows
    ]


def _events_of_properties(rows: list[VisiblePropertyRow], record_type: str) -> list[Event]:
    """A stage belongs to the pipeline that the record was in at that instant."""
    stage_property, pipeline_property = STAGE_PROPERTIES[record_type]
    events = []
    for row in rows:
        if row.property == stage_property and row.value is not None:
            pipeline = _value_at(rows, pipeline_property, row.set_at)
            events.append(Event(row.set_at, row.order, pipeline or "", row.value))
    return events


def _snapshots(
    versions: Sequence[Version[R]], rows: list[VisiblePropertyRow], *, told: bool
) -> list[Snapshot]:
    if not told:
        return [_captured(version) for version in versions]
    snapshots = [_snapshot_at(rows, moment) for moment in sorted({row.set_at for row in rows})]
    for version in versions:
        captured = _captured(version)
        before = [snapshot for snapshot in snapshots if snapshot.valid_from <= captured.valid_from]
        if not before or _values(before[-1]) != _values(captured):
            snapshots.append(captured)
    return sorted(snapshots, key=lambda snapshot: snapshot.valid_from)


def _captured(version: Version[R]) -> Snapshot:
    record = version.record
    return Snapshot(
        valid_from=record.modified_at,
        owner_id=record.owner_id,
        amount=record.amount,
        currency=record.currency,
        close_date=record.close_date,
        probability=record.probability,
    )


def _values(snapshot: Snapshot) -> tuple[object, ...]:
    return snapshot.owner_id, snapshot.amount, snapshot.currency


def _snapshot_at(rows: list[VisiblePropertyRow], moment: datetime) -> Snapshot:
    amount = _value_at(rows, "amount", moment)
    close_date = _value_at(rows, "closedate", moment)
    return Snapshot(
        valid_from=moment,
        owner_id=_value_at(rows, "hubspot_owner_id", moment),
        amount=None if amount is None else Decimal(amount),
        currency=_value_at(rows, "deal_currency_code", moment),
        close_date=None if close_date is None else datetime.fromisoformat(close_date),
    )


def _value_at(rows: list[VisiblePropertyRow], name: str, moment: datetime) -> str | None:
    """The value of a property at an instant; an empty text is no value, and so is what was not set yet."""
    values = [row.value for row in rows if row.property == name and row.set_at <= moment]
    return (values[-1] or None) if values else None
