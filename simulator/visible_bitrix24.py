"""What Bitrix24 shows: whole deals, but of stage history only the rows of the pipeline a deal is in now."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from simulator.identifiers import bitrix24 as native
from simulator.visible_parts import decimal_or_none, kind_of, moves_until, name_at, place_at, stages_at
from simulator.visible_records import (
    VisibleDeal,
    VisibleEmployee,
    VisiblePipeline,
    VisiblePortal,
    VisibleRate,
    VisibleStage,
    VisibleStageRow,
)

if TYPE_CHECKING:
    from simulator.model import Deal, World


class Bitrix24View:
    """A world through Bitrix24's REST methods."""

    record_path = "/crm/deal/details/{id}/"
    tells_deletion_time = False
    has_templates = True

    def __init__(self, world: World) -> None:
        self.world = world

    def pipelines(self, moment: datetime) -> tuple[VisiblePipeline, ...]:
        """Categories with the stages of their dictionaries."""
        return tuple(
            VisiblePipeline(
                native_id=str(native.pipeline_id(pipeline.number)),
                name=pipeline.name,
                stages=tuple(
                    VisibleStage(
                        native.stage_id(pipeline.number, stage.number),
                        name_at(stage, moment),
                        stage.sort,
                        stage.kind,
                    )
                    for stage in stages_at(pipeline, moment)
                ),
            )
            for pipeline in self.world.pipelines
        )

    def employees(self, moment: datetime) -> tuple[VisibleEmployee, ...]:
        """Users, dismissed ones included."""
        return tuple(
            VisibleEmployee(str(native.employee_id(person.number)), f"{person.first_name} {person.last_name}")
            for person in self.world.employees
            if person.hired_at <= moment
        )

    def deal(self, deal: Deal, moment: datetime) -> VisibleDeal:
        """All fields; its one close date is what people plan or what the closing has set, by the day."""
        state = deal.state_at(moment)
        pipeline, stage = place_at(deal, moment)
        probability = decimal_or_none(state["probability"])
        return VisibleDeal(
            native_id=str(native.deal_id(deal.number)),
            title=cast("str | None", state["title"]),
            pipeline_id=str(native.pipeline_id(pipeline)),
            stage_id=native.stage_id(pipeline, stage),
            stage_kind=kind_of(self.world, (pipeline, stage)),
            owner_id=None if state["owner"] is None else str(native.employee_id(cast("int", state["owner"]))),
            amount=decimal_or_none(state["amount"]) or Decimal(0),
            currency=cast("str | None", state["currency"]),
            probability=None if probability is None else probability / 100,
            close_date=self._close_date(state["closed_at"] or state["expected_close_date"]),
            created_at=deal.created_at,
            modified_at=deal.modified_at(moment),
            moved_at=moves_until(deal, moment)[-1][1].at,
            is_template=deal.is_template,
        )

    def keep(self, portal: VisiblePortal, alive: list[Deal], moment: datetime) -> None:
        """Today's rates only, and the history rows of each deal's present pipeline."""
        newest = {rate.currency: rate.rate for rate in self.world.rates if rate.valid_from <= moment}
        portal.rates |= {VisibleRate(currency, moment, rate) for currency, rate in newest.items()}
        for deal in alive:
            if not deal.has_lost_history:
                portal.stage_rows |= self._rows(deal, moment)

    def _rows(self, deal: Deal, moment: datetime) -> set[VisibleStageRow]:
        present = place_at(deal, moment)[0]
        return {
            VisibleStageRow(
                deal_id=str(native.deal_id(deal.number)),
                order=order,
                entered_at=change.at,
                pipeline_id=str(native.pipeline_id(place[0])),
                stage_id=native.stage_id(*place),
                stage_kind=kind_of(self.world, place),
            )
            for order, change in moves_until(deal, moment)
            if (place := cast("tuple[int, int]", change.value))[0] == present
        }

    def _close_date(self, value: object) -> date | None:
        if isinstance(value, datetime):
            return value.astimezone(ZoneInfo(self.world.timezone)).date()
        return cast("date | None", value)
