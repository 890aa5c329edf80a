"""What HubSpot shows: deals with the history of the properties asked for, and when a deal was archived."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, cast

from simulator.identifiers import hubspot as native
from simulator.visible_parts import (
    as_written,
    decimal_or_none,
    kind_of,
    name_at,
    place_at,
    stage_of,
    stages_at,
)
from simulator.visible_records import (
    VisibleDeal,
    VisibleEmployee,
    VisiblePipeline,
    VisiblePortal,
    VisiblePropertyRow,
    VisibleRate,
    VisibleStage,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from simulator.model import Change, Deal, Pipeline, World

State = dict[str, object]
# What writes a row even when it changes nothing.
SAVED_AS = {
    "stage": "dealstage",
    "amount": "amount",
    "owner": "hubspot_owner_id",
    "currency": "deal_currency_code",
}
PLANNED = time(15)  # the hour that a planned day is kept with


class HubspotView:
    """A world through HubSpot's CRM API."""

    record_path = "https://app-eu1.hubspot.com/contacts/1234567/record/0-3/{id}"
    tells_deletion_time = True
    has_templates = False  # recurring deals are a thing of Bitrix24

    def __init__(self, world: World) -> None:
        self.world = world

    def pipelines(self, moment: datetime) -> tuple[VisiblePipeline, ...]:
        """Pipelines with their stages."""
        return tuple(
            VisiblePipeline(
                native_id=native.pipeline_id(pipeline.number),
                name=pipeline.name,
                stages=self._stages(pipeline, moment),
            )
            for pipeline in self.world.pipelines
        )

    def _stages(self, pipeline: Pipeline, moment: datetime) -> tuple[VisibleStage, ...]:
        """In display order, which is a plain count."""
        ordered = sorted(stages_at(pipeline, moment), key=lambda stage: stage.sort)
        return tuple(
            VisibleStage(
                native.stage_id(pipeline.number, stage.number), name_at(stage, moment), order, stage.kind
            )
            for order, stage in enumerate(ordered)
        )

    def employees(self, moment: datetime) -> tuple[VisibleEmployee, ...]:
        """Owners, archived ones included."""
        return tuple(
            VisibleEmployee(native.owner_id(person.number), f"{person.first_name} {person.last_name}")
            for person in self.world.employees
            if person.hired_at <= moment
        )

    def deal(self, deal: Deal, moment: datetime) -> VisibleDeal:
        """All properties; the probability is that of its stage."""
        place = place_at(deal, moment)
        state = _properties(cast("State", deal.state_at(moment)))
        closedate = state["closedate"]
        return VisibleDeal(
            native_id=str(native.deal_id(deal.number)),
            title=deal.state_at(moment)["title"],
            pipeline_id=native.pipeline_id(place[0]),
            stage_id=native.stage_id(*place),
            stage_kind=kind_of(self.world, place),
            owner_id=state["hubspot_owner_id"],
            amount=decimal_or_none(deal.state_at(moment)["amount"]),
            currency=state["deal_currency_code"],
            probability=stage_of(self.world, place).probability,
            close_date=None if closedate is None else datetime.fromisoformat(closedate),
            created_at=deal.created_at,
            modified_at=deal.modified_at(moment),
            moved_at=None,
            is_template=False,
        )

    def keep(self, portal: VisiblePortal, alive: list[Deal], moment: datetime) -> None:
        """Every rate since the beginning, and the complete history of the properties asked for."""
        portal.rates |= {
            VisibleRate(rate.currency, rate.valid_from, rate.rate)
            for rate in self.world.rates
            if rate.valid_from <= moment
        }
        for deal in alive:
            portal.property_rows |= set(_history(deal, moment))


def _properties(state: State) -> dict[str, str | None]:
    pipeline, stage = cast("tuple[int, int]", state["stage"])
    owner, amount = state["owner"], state["amount"]
    return {
        "dealstage": native.stage_id(pipeline, stage),
        "pipeline": native.pipeline_id(pipeline),
        "amount": None if amount is None else as_written(cast("Decimal", amount)),
        "closedate": _closedate(state["closed_at"] or state["expected_close_date"]),
        "hubspot_owner_id": None if owner is None else native.owner_id(cast("int", owner)),
        "deal_currency_code": cast("str | None", state["currency"]),
    }


def _closedate(value: object) -> str | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, PLANNED, tzinfo=UTC)
    return None if value is None else cast("datetime", value).isoformat()


def _history(deal: Deal, moment: datetime) -> list[VisiblePropertyRow]:
    """One row per property that a change sets, in order; a value saved again is set again."""
    shown: dict[str, str | None] = {}
    state: State = {
        "owner": None,
        "amount": None,
        "closed_at": None,
        "expected_close_date": None,
        "currency": None,
    }
    rows: list[VisiblePropertyRow] = []
    for order, change in enumerate(deal.changes):
        if change.at > moment:
            break
        state[change.name] = change.value
        if "stage" not in state:
            continue
        for name, value in _properties(state).items():
            is_saved_again = name == SAVED_AS.get(change.name)
            if is_saved_again or shown.get(name) != value:
                rows.append(
                    VisiblePropertyRow(str(native.deal_id(deal.number)), order, name, _set_at(change), value)
                )
        shown = _properties(state)
    return rows


def _set_at(change: Change) -> datetime:
    return change.at
