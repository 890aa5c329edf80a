"""Deals as HubSpot objects."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from simulator.hubspot.records import ObjectRow, Properties
from simulator.hubspot.timeline import Entries, State, Timeline, common_entries, plain_text, timeline
from simulator.identifiers import hubspot as ids
from simulator.model import Deal, FieldType, Stage, StageKind
from simulator.shown import close_date, place, stage_of

if TYPE_CHECKING:
    from simulator.model import Change

PADDING_FIELD = 99
ENVELOPE_BYTES = 1600  # what an object with all of its properties weighs without padding
PLANNED_HOUR = "T15:00:00Z"  # what HubSpot fills in when somebody picks a day
PLAIN = {
    "title": "dealname",
    "amount": "amount",
    "currency": "deal_currency_code",
    "loss_reason": "closed_lost_reason",
    "competitor": ids.COMPETITOR_FIELD,
}


class DealRow(ObjectRow):
    """A deal as it is now; recurring templates are a thing of Bitrix24."""

    @property
    def deal(self) -> Deal:
        """The record."""
        return cast("Deal", self.record)

    @property
    def is_shown(self) -> bool:
        """Whether HubSpot has it at all."""
        return not self.deal.is_template and not self.is_merged

    def _timeline(self) -> Timeline:
        fields = self.facts.world.custom_fields
        enumerations = frozenset(f"custom:{f.number}" for f in fields if f.type is FieldType.ENUMERATION)
        return timeline(self.deal.changes, partial(_entries, enumerations))

    def _computed(self) -> Properties:
        stage = stage_of(self.facts.world, place(self.state))
        linked = self.facts.merges("contact")
        contacts = {linked.survivor(number) for number in self.state.get("contacts") or ()}
        found: Properties = {
            "hs_object_source": "IMPORT" if stage.kind is not StageKind.OPEN else "CRM_UI",
            "hs_object_source_label": "CRM_UI",
            "dealtype": "existingbusiness" if self.facts.is_existing_client(self.deal) else "newbusiness",
            "num_associated_contacts": str(len(contacts)),
            "hs_priority": ("low", "medium", "high", None)[self.deal.number % 4],
            ids.field_name(PADDING_FIELD): self.padding,
        }
        return found | self._closing(stage) | self._money(stage)

    def _closing(self, stage: Stage) -> Properties:
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

    def _money(self, stage: Stage) -> Properties:
        amount = cast("Decimal | None", self.state["amount"])
        if amount is None:
            return {"hs_projected_amount": None, "hs_closed_amount": "0", "hs_forecast_amount": None}
        is_won = stage.kind is StageKind.WON
        return {
            "hs_projected_amount": format(amount * stage.probability, "f"),
            "hs_forecast_amount": format(amount, "f"),
            "hs_closed_amount": format(amount, "f") if is_won else "0",
        }


def _entries(enumerations: frozenset[str], change: Change, state: State, previous: Any) -> Entries:
    name, value = change.name, change.value
    if name == "stage":
        pipeline, stage = cast("tuple[int, int]", value)
        entries: Entries = [("dealstage", ids.stage_id(pipeline, stage))]
        if previous is None or previous[0] != pipeline:
            entries.append(("pipeline", ids.pipeline_id(pipeline)))
        return entries
    if name in {"expected_close_date", "closed_at"}:
        return [("closedate", close_date_text(state))]
    if name.startswith("custom:"):
        field = ids.field_name(int(name.removeprefix("custom:")))
        return [(field, custom_text(value, is_enumeration=name in enumerations))]
    return common_entries(change, PLAIN)


def close_date_text(state: State) -> str | None:
    """The close date: the instant of closing, or an afternoon of the planned day."""
    value = close_date(
        {"closed_at": state.get("closed_at"), "expected_close_date": state.get("expected_close_date")}
    )
    if value is None:
        return None
    return ids.instant_text(value) if isinstance(value, datetime) else value.isoformat() + PLANNED_HOUR


def custom_text(value: Any, *, is_enumeration: bool) -> str | None:
    """A custom value as text; of an enumeration the stored values, separated by semicolons."""
    if value is None or not is_enumeration:
        return plain_text(value)
    return ";".join(ids.option_value(option) for option in (value if isinstance(value, tuple) else (value,)))


def probability_text(stage: Stage) -> str:
    """A probability always has a decimal point."""
    return format(
        stage.probability.quantize(Decimal("0.1") if stage.probability * 10 % 1 == 0 else Decimal("0.01")),
        "f",
    )


def _flag(value: bool) -> str:
    return "true" if value else "false"
