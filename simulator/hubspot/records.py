"""Deals as HubSpot objects: their properties as texts, and their envelope."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from simulator.bitrix24.records import filler
from simulator.hubspot.timeline import Timeline, timeline
from simulator.identifiers import hubspot as ids
from simulator.model import Deal, FieldType, Stage, StageKind, World
from simulator.portal import to_json
from simulator.shown import State, place, stage_of

if TYPE_CHECKING:
    from datetime import datetime

PADDING_FIELD = 99
ENVELOPE_BYTES = 1600  # what an object with all of its properties weighs without padding
ALWAYS = ("createdate", "hs_lastmodifieddate", "hs_object_id")
DEFAULT = (
    "amount",
    "closedate",
    "createdate",
    "dealname",
    "dealstage",
    "hs_lastmodifieddate",
    "hs_object_id",
    "pipeline",
)
VERSIONED = (
    "dealname",
    "dealstage",
    "pipeline",
    "amount",
    "closedate",
    "hubspot_owner_id",
    "deal_currency_code",
)
Wanted = tuple[tuple[str, ...], tuple[str, ...]]
CACHED_FORMS = 2


class DealRow:
    """A deal as it is now."""

    def __init__(self, deal: Deal, world: World, known: frozenset[str], padding: str | None) -> None:
        self.key = ids.deal_id(deal.number)
        self.deal = deal
        self.world = world
        self.known = known
        self.padding = padding
        self.state: State = deal.state_at(world.now)
        self.change_count = len(deal.changes)
        self.modified_at = deal.changes[-1].at
        self.modified_milliseconds = ids.epoch_milliseconds(self.modified_at)
        self.is_archived = bool(self.state["is_deleted"])
        self._rendered: dict[Wanted, bytes] = {}
        self._properties: dict[str, str | None] | None = None

    def _timeline(self) -> Timeline:
        fields = self.world.custom_fields
        enumerations = {f"custom:{f.number}" for f in fields if f.type is FieldType.ENUMERATION}
        return timeline(self.deal, frozenset(enumerations))

    def properties(self) -> dict[str, str | None]:
        """Every property that has ever had a value."""
        if self._properties is None:
            self._properties = self._read_properties(self._timeline())
        return self._properties

    def _read_properties(self, kept: Timeline) -> dict[str, str | None]:
        found: dict[str, str | None] = {name: versions[-1].value for name, versions in kept.items()}
        stage = stage_of(self.world, place(self.state))
        created = self.deal.created_at
        found |= {
            "hs_object_id": str(self.key),
            "createdate": ids.instant_text(created),
            "hs_createdate": ids.instant_text(created),
            "hs_lastmodifieddate": ids.instant_text(self.modified_at),
            "hs_created_by_user_id": str(ids.user_id(self.deal.created_by)),
            "hs_object_source": "IMPORT" if stage.kind is not StageKind.OPEN else "CRM_UI",
            "hs_object_source_label": "CRM_UI",
            "dealtype": "existingbusiness" if self.deal.number % 4 == 0 else "newbusiness",
            "num_associated_contacts": "0",
            "hs_priority": ("low", "medium", "high", None)[self.deal.number % 4],
            ids.field_name(PADDING_FIELD): self.padding,
        }
        return found | self._closing(stage) | self._money(stage)

    def _closing(self, stage: Stage) -> dict[str, str | None]:
        entered_at = next(change.at for change in reversed(self.deal.changes) if change.name == "stage")
        return {
            "hs_is_closed": _flag(stage.kind is not StageKind.OPEN),
            "hs_is_closed_won": _flag(stage.kind is StageKind.WON),
            "hs_is_closed_lost": _flag(stage.kind is StageKind.LOST),
            "hs_deal_stage_probability": probability_text(stage),
            "hs_forecast_probability": None,
            "hs_v2_date_entered_current_stage": ids.instant_text(entered_at),
            "days_to_close": str(max(0, (entered_at - self.deal.created_at).days)),
        }

    def _money(self, stage: Stage) -> dict[str, str | None]:
        amount = cast("Decimal | None", self.state["amount"])
        if amount is None:
            return {"hs_projected_amount": None, "hs_closed_amount": "0", "hs_forecast_amount": None}
        is_won = stage.kind is StageKind.WON
        return {
            "hs_projected_amount": format(amount * stage.probability, "f"),
            "hs_forecast_amount": format(amount, "f"),
            "hs_closed_amount": format(amount, "f") if is_won else "0",
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
        asked = dict.fromkeys((*names, *with_history, *ALWAYS) if names or with_history else DEFAULT)
        envelope: dict[str, Any] = {
            "id": str(self.key),
            "properties": {name: values.get(name) for name in asked if name in self.known},
        }
        if with_history:
            envelope["propertiesWithHistory"] = {
                name: [version.shown() for version in reversed(kept.get(name, []))]
                for name in with_history
                if name in self.known
            }
        envelope |= {
            "createdAt": ids.instant_text(self.deal.created_at),
            "updatedAt": ids.instant_text(self.modified_at),
            "archived": self.is_archived,
        }
        if self.is_archived:
            envelope["archivedAt"] = ids.instant_text(self.archived_at())
        return envelope

    def archived_at(self) -> datetime:
        """When it was last put into the recycle bin."""
        return next(c.at for c in reversed(self.deal.changes) if c.name == "is_deleted" and c.value is True)


class Index:
    """All deals of one version of the world; recurring templates are a thing of Bitrix24."""

    def __init__(self, world: World, known: frozenset[str], payload_bytes: int | None) -> None:
        self.world = world
        self.known = known
        self.padding = None if payload_bytes is None else filler(payload_bytes - ENVELOPE_BYTES)
        self.version = -1
        self._rows: list[DealRow] = []
        self.present: list[DealRow] = []
        self.archived: list[DealRow] = []
        self.by_key: dict[int, DealRow] = {}

    def refresh(self) -> None:
        """Take in what has happened since; what did not change keeps its rendering."""
        if self.version == self.world.version:
            return
        for position, deal in enumerate(self.world.deals):
            if position == len(self._rows):
                self._rows.append(DealRow(deal, self.world, self.known, self.padding))
            elif self._rows[position].change_count != len(deal.changes):
                self._rows[position] = DealRow(deal, self.world, self.known, self.padding)
        shown = [row for row in self._rows if not row.deal.is_template]
        self.present = [row for row in shown if not row.is_archived]
        self.archived = [row for row in shown if row.is_archived]
        self.by_key = {row.key: row for row in shown}
        self.version = self.world.version


def probability_text(stage: Stage) -> str:
    """A probability always has a decimal point."""
    return format(
        stage.probability.quantize(Decimal("0.1") if stage.probability * 10 % 1 == 0 else Decimal("0.01")),
        "f",
    )


def _flag(value: bool) -> str:
    return "true" if value else "false"
