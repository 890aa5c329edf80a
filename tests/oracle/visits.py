"""fct_stage_visits and fct_deal_stages: every stay, and every stage that a deal reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.model import StageKind
from tests.oracle.deals import NOTHING, Deal
from tests.oracle.inputs import Approximately, Row, naive

if TYPE_CHECKING:
    from decimal import Decimal

    from tests.oracle.stages import StageFacts
    from tests.oracle.stays import Stay


def fct_stage_visits(deals: list[Deal]) -> list[Row]:
    """One row per stay, those of deleted deals included."""
    return [
        deal.common | _stage(deal, stay) | _stay(deal, stay) | _deletion(deal) | _state(deal, stay)
        for deal in deals
        for stay in deal.stays
    ]


def _stage(deal: Deal, stay: Stay) -> Row:
    previous = stay.previous
    return {
        "pipeline_key": stay.stage.pipeline_key,
        "pipeline_name": deal.directory.pipeline_names[stay.stage.pipeline_id],
        "stage_key": stay.stage.stage_key,
        "stage_name": stay.stage.name,
        "stage_kind": stay.stage.kind.value,
        "from_pipeline_key": None if previous is None else previous.pipeline_key,
        "from_stage_key": None if previous is None else previous.stage_key,
        "from_stage_name": None if previous is None else previous.name,
    }


def _stay(deal: Deal, stay: Stay) -> Row:
    return {
        "stage_visit_key": f"{deal.key}:{stay.number}",
        "entered_at": naive(stay.entered_at),
        "exited_at": naive(stay.exited_at),
        "moved_date": deal.reporting.day(stay.entered_at),
        "visit_number": stay.number,
        "entry_source": stay.source,
        "move": stay.move,
        "duration_seconds": stay.seconds,
        "is_current": stay.exited_at is None,
        "move_count": 1,
    }


def _deletion(deal: Deal) -> Row:
    deletion = deal.history.deletion
    if deletion is None:
        return {"is_deleted": False, "deleted_at": None}
    told = naive(deletion.deleted_at)
    return {"is_deleted": True, "deleted_at": Approximately(told) if deletion.is_estimated and told else told}


def _state(deal: Deal, stay: Stay) -> Row:
    state, is_carried_back = deal.history.state_at(stay.entered_at)
    employee_key, employee_name = deal.employee(state.owner_id)
    return {
        "employee_key": employee_key,
        "employee_name": employee_name,
        "is_owner_carried_back": is_carried_back,
        "amount": state.amount,
        "currency": deal.rates.currency_of(deal.connection.name, state.currency),
        "amount_converted": deal.converted(state.amount, state.currency),
        "is_amount_carried_back": is_carried_back,
    }


def fct_deal_stages(deals: list[Deal]) -> list[Row]:
    """One row per existing deal and stage that it visited or that is filled in for it."""
    return [
        _deal_stage(deal, stage)
        for deal in deals
        if deal.history.deletion is None
        for stage in _stages_of(deal)
    ]


def _stages_of(deal: Deal) -> list[StageFacts]:
    stages = {stay.stage.stage_key: stay.stage for stay in deal.stays}
    if deal.stage.kind is not StageKind.LOST:
        for pipeline_id in {stay.stage.pipeline_id for stay in deal.stays}:
            stages |= {stage.stage_key: stage for stage in _filled_in(deal, pipeline_id)}
    return list(stages.values())


def _filled_in(deal: Deal, pipeline_id: str) -> list[StageFacts]:
    """The open stages up to the furthest one visited in a pipeline, all of them after a winning in it."""
    visited = [stay.stage for stay in deal.stays if stay.stage.pipeline_id == pipeline_id]
    stages = deal.directory.active_open_stages(pipeline_id)
    if any(stage.kind is StageKind.WON for stage in visited):
        return stages
    furthest = max((stage.position or 0 for stage in visited if stage.kind is StageKind.OPEN), default=0)
    return [stage for stage in stages if (stage.position or 0) <= furthest]


def _deal_stage(deal: Deal, stage: StageFacts) -> Row:
    stays = [stay for stay in deal.stays if stay.stage.stage_key == stage.stage_key]
    worth: Decimal = deal.amount_converted or NOTHING
    owner_key, owner_name = deal.employee(deal.history.newest.deal.owner_id)
    is_current = deal.stage.stage_key == stage.stage_key
    return deal.common | {
        "pipeline_key": stage.pipeline_key,
        "pipeline_name": deal.directory.pipeline_names[stage.pipeline_id],
        "stage_key": stage.stage_key,
        "stage_name": stage.name,
        "stage_kind": stage.kind.value,
        "stage_position": stage.position,
        "owner_key": owner_key,
        "owner_name": owner_name,
        "created_date": deal.reporting.day(deal.history.newest.deal.created_at),
        "reached_count": int(bool(stays)),
        "reached_with_conversion_count": 1,
        "reached_amount": worth if stays else NOTHING,
        "passed_on_count": int(_is_passed_on(deal, stage, stays)),
        "current_count": int(is_current),
        "current_amount": worth if is_current else NOTHING,
        "completed_visits": sum(stay.exited_at is not None for stay in stays),
        "total_seconds_in_stage": sum(stay.seconds or 0 for stay in stays),
        "lost_from_here_count": int(_is_lost_from(deal, stage)),
    }


def _is_passed_on(deal: Deal, stage: StageFacts, stays: list[Stay]) -> bool:
    """Later at a higher open position, won in this pipeline, or moved on to another one."""
    if not stays or stage.kind is not StageKind.OPEN:
        return False
    later = [stay.stage for stay in deal.stays if stay.number > stays[0].number]
    return any(
        other.pipeline_id != stage.pipeline_id or other.kind is StageKind.WON or _is_higher(other, stage)
        for other in later
    )


def _is_higher(other: StageFacts, stage: StageFacts) -> bool:
    if other.kind is not StageKind.OPEN or other.position is None or stage.position is None:
        return False
    return other.position > stage.position


def _is_lost_from(deal: Deal, stage: StageFacts) -> bool:
    open_stays = [stay.stage.stage_key for stay in deal.stays if stay.stage.kind is StageKind.OPEN]
    return deal.stage.kind is StageKind.LOST and open_stays[-1:] == [stage.stage_key]
