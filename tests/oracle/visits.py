"""fct_stage_visits, fct_deal_stages and fct_lead_stages: every stay, and every stage that was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.model import StageKind
from tests.oracle.deals import NOTHING
from tests.oracle.inputs import Approximately, Row, naive
from tests.oracle.records import Deal, Lead, owner_of

if TYPE_CHECKING:
    from decimal import Decimal

    from tests.oracle.stages import StageFacts
    from tests.oracle.stays import Stay


def fct_stage_visits(deals: list[Deal]) -> list[Row]:
    """One row per stay, those of deleted deals included."""
    return [
        deal.common
        | _stage(deal, stay)
        | _stay(deal, stay)
        | _deletion(deal)
        | _state(deal, stay)
        | deal.description
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
    if deal.exists:
        return {"is_deleted": False, "deleted_at": None}
    deletion = deal.history.deletions[-1]
    told = naive(deletion.deleted_at)
    return {"is_deleted": True, "deleted_at": Approximately(told) if deletion.is_estimated and told else told}


def _state(deal: Deal, stay: Stay) -> Row:
    state, is_carried_back = deal.history.state_at(stay.entered_at)
    employee_key, employee_name = deal.employee(state.owner_id)
    return {
        "employee_key": employee_key,
        "employee_name": employee_name,
        "department": deal.directory.department(state.owner_id),
        "is_owner_carried_back": is_carried_back,
        "amount": state.amount,
        "currency": deal.rates.currency_of(deal.connection.name, state.currency),
        "amount_converted": deal.converted(state.amount, state.currency),
        "is_amount_carried_back": is_carried_back,
    }


def fct_deal_stages(deals: list[Deal]) -> list[Row]:
    """One row per existing deal and stage that it visited or that is filled in for it."""
    return [_record_stage(deal, stage) for deal in deals if deal.exists for stage in stages_of(deal)]


def fct_lead_stages(leads: list[Lead]) -> list[Row]:
    """One row per existing lead and status that it had or that is filled in for it."""
    return [_record_stage(lead, stage) for lead in leads if lead.exists for stage in stages_of(lead)]


def stages_of(record: Deal | Lead) -> list[StageFacts]:
    """The stages that a record visited or that are filled in for it."""
    stages = {stay.stage.stage_key: stay.stage for stay in record.stays}
    if record.stage.kind is not StageKind.LOST:
        for pipeline_id in {stay.stage.pipeline_id for stay in record.stays}:
            stages |= {stage.stage_key: stage for stage in _filled_in(record, pipeline_id)}
    return list(stages.values())


def _filled_in(record: Deal | Lead, pipeline_id: str) -> list[StageFacts]:
    """The open stages up to the furthest one visited in a pipeline, all of them after a winning in it."""
    visited = [stay.stage for stay in record.stays if stay.stage.pipeline_id == pipeline_id]
    stages = record.directory.active_open_stages(pipeline_id)
    if any(stage.kind is StageKind.WON for stage in visited):
        return stages
    furthest = max((stage.position or 0 for stage in visited if stage.kind is StageKind.OPEN), default=0)
    return [stage for stage in stages if (stage.position or 0) <= furthest]


def _record_stage(record: Deal | Lead, stage: StageFacts) -> Row:
    stays = [stay for stay in record.stays if stay.stage.stage_key == stage.stage_key]
    worth: Decimal = record.amount_converted or NOTHING
    is_current = record.stage.stage_key == stage.stage_key
    return (
        record.common
        | owner_of(record)
        | record.origin
        | {
            "pipeline_key": stage.pipeline_key,
            "pipeline_name": record.directory.pipeline_names[stage.pipeline_id],
            "stage_key": stage.stage_key,
            "stage_name": stage.name,
            "stage_kind": stage.kind.value,
            "stage_position": stage.position,
            "created_date": record.reporting.day(record.created_at),
            "reached_count": int(bool(stays)),
            "reached_with_conversion_count": 1,
            "reached_amount": worth if stays else NOTHING,
            "passed_on_count": int(is_passed_on(record, stage)),
            "current_count": int(is_current),
            "current_amount": worth if is_current else NOTHING,
            "completed_visits": sum(stay.exited_at is not None for stay in stays),
            "total_seconds_in_stage": sum(stay.seconds or 0 for stay in stays),
            "lost_from_here_count": int(_is_lost_from(record, stage)),
        }
    )


def is_passed_on(record: Deal | Lead, stage: StageFacts) -> bool:
    """Later at a higher open position, won in this pipeline, or moved on to another one."""
    stays = [stay for stay in record.stays if stay.stage.stage_key == stage.stage_key]
    if not stays or stage.kind is not StageKind.OPEN:
        return False
    later = [stay.stage for stay in record.stays if stay.number > stays[0].number]
    return any(
        other.pipeline_id != stage.pipeline_id or other.kind is StageKind.WON or _is_higher(other, stage)
        for other in later
    )


def _is_higher(other: StageFacts, stage: StageFacts) -> bool:
    if other.kind is not StageKind.OPEN or other.position is None or stage.position is None:
        return False
    return other.position > stage.position


def _is_lost_from(record: Deal | Lead, stage: StageFacts) -> bool:
    open_stays = [stay.stage.stage_key for stay in record.stays if stay.stage.kind is StageKind.OPEN]
    return record.stage.kind is StageKind.LOST and open_stays[-1:] == [stage.stage_key]
