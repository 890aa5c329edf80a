"""The life of each deal, source-blind: its versions, its stage events, its snapshots, its deletion."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.visible_records import (
        VisibleDeal,
        VisibleDeletion,
        VisiblePortal,
        VisiblePropertyRow,
        VisibleStageRow,
    )


@dataclass(frozen=True)
class Event:
    """An entry into a stage that the CRM told."""

    at: datetime
    order: int
    pipeline_id: str
    stage_id: str

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


@dataclass(frozen=True)
class Version:
    """A deal as captured, and when that version was first seen."""

    deal: VisibleDeal
    captured_at: datetime

    @property
    def place(self) -> tuple[str, str]:
        """Pipeline and stage."""
        return self.deal.pipeline_id, self.deal.stage_id

    @property
    def moved_at(self) -> datetime:
        """The best known time of its entry into its stage."""
        return self.deal.moved_at or self.deal.modified_at


@dataclass(frozen=True)
class DealHistory:
    """All that is known of one deal."""

    versions: list[Version]
    events: list[Event]
    snapshots: list[Snapshot]
    deletion: VisibleDeletion | None

    @property
    def newest(self) -> Version:
        """The present state, or the last known one."""
        return self.versions[-1]

    def state_at(self, moment: datetime) -> tuple[Snapshot, bool]:
        """The state valid at an instant, and whether it is the present one carried back."""
        valid = [snapshot for snapshot in self.snapshots if snapshot.valid_from <= moment]
        if valid:
            return valid[-1], False
        deal = self.newest.deal
        return Snapshot(moment, deal.owner_id, deal.amount, deal.currency), True


def histories(portal: VisiblePortal) -> dict[str, DealHistory]:
    """The histories of all deals that are no templates, by native id."""
    stage_rows: dict[str, list[VisibleStageRow]] = defaultdict(list)
    for stage_row in portal.stage_rows:
        stage_rows[stage_row.deal_id].append(stage_row)
    property_rows: dict[str, list[VisiblePropertyRow]] = defaultdict(list)
    for property_row in portal.property_rows:
        property_rows[property_row.deal_id].append(property_row)
    found = {}
    for native_id, versions in _versions(portal).items():
        if versions[-1].deal.is_template:
            continue
        properties = sorted(property_rows[native_id], key=lambda row: (row.set_at, row.order))
        events = _events_of_rows(stage_rows[native_id]) + _events_of_properties(properties)
        found[native_id] = DealHistory(
            versions=versions,
            events=sorted(events, key=lambda event: (event.at, event.order)),
            snapshots=_snapshots(versions, properties, told=portal.crm == "hubspot"),
            deletion=portal.deletions.get(native_id),
        )
    return found


def _versions(portal: VisiblePortal) -> dict[str, list[Version]]:
    versions: dict[str, list[Version]] = {}
    for capture in portal.captures:
        for native_id, deal in capture.deals.items():
            known = versions.setdefault(native_id, [])
            if not known or known[-1].deal != deal:
                known.append(Version(deal, capture.at))
    return versions


def _events_of_rows(rows: list[VisibleStageRow]) -> list[Event]:
    return [Event(row.entered_at, row.order, row.pipeline_id, row.stage_id) for row in rows]


def _events_of_properties(rows: list[VisiblePropertyRow]) -> list[Event]:
    """A stage belongs to the pipeline that the deal was in at that instant."""
    events = []
    for row in rows:
        if row.property == "dealstage" and row.value is not None:
            pipeline = _value_at(rows, "pipeline", row.set_at)
            events.append(Event(row.set_at, row.order, pipeline or "", row.value))
    return events


def _snapshots(versions: list[Version], rows: list[VisiblePropertyRow], *, told: bool) -> list[Snapshot]:
    if not told:
        return [_captured(version) for version in versions]
    snapshots = [_snapshot_at(rows, moment) for moment in sorted({row.set_at for row in rows})]
    for version in versions:
        captured = _captured(version)
        before = [snapshot for snapshot in snapshots if snapshot.valid_from <= captured.valid_from]
        if not before or _values(before[-1]) != _values(captured):
            snapshots.append(captured)
    return sorted(snapshots, key=lambda snapshot: snapshot.valid_from)


def _captured(version: Version) -> Snapshot:
    deal = version.deal
    return Snapshot(deal.modified_at, deal.owner_id, deal.amount, deal.currency)


def _values(snapshot: Snapshot) -> tuple[object, ...]:
    return snapshot.owner_id, snapshot.amount, snapshot.currency


def _snapshot_at(rows: list[VisiblePropertyRow], moment: datetime) -> Snapshot:
    amount = _value_at(rows, "amount", moment)
    return Snapshot(
        valid_from=moment,
        owner_id=_value_at(rows, "hubspot_owner_id", moment),
        amount=None if amount is None else Decimal(amount),
        currency=_value_at(rows, "deal_currency_code", moment),
    )


def _value_at(rows: list[VisiblePropertyRow], name: str, moment: datetime) -> str | None:
    """The value of a property at an instant; an empty text is no value, and so is what was not set yet."""
    values = [row.value for row in rows if row.property == name and row.set_at <= moment]
    return (values[-1] or None) if values else None
