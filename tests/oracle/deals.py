"""fct_deals: the present state of every deal that exists."""

from __future__ import annotations

from decimal import Decimal

from simulator.model import StageKind
from tests.oracle.inputs import Row, money, naive
from tests.oracle.records import (
    Deal,
    last_open_stage,
    owner_of,
    place_of,
    seconds_to_close,
    times_of,
    worth_of,
)

NOTHING = Decimal(0)


def fct_deals(deals: list[Deal]) -> list[Row]:
    """One row per deal that exists."""
    return [
        deal.common
        | deal.origin
        | place_of(deal)
        | _people(deal)
        | _times(deal)
        | _worth(deal)
        | _measures(deal)
        | _loss(deal)
        for deal in deals
        if deal.exists
    ]


def _people(deal: Deal) -> Row:
    row = owner_of(deal)
    row |= {
        "employee_key": row["owner_key"],
        "employee_name": row["owner_name"],
        "employee_department": row["department"],
        "is_owner_carried_back": False,
    }
    if deal.closing is not None:
        state, is_carried_back = deal.history.state_at(deal.closing.at)
        row["employee_key"], row["employee_name"] = deal.employee(state.owner_id)
        row["employee_department"] = deal.directory.department(state.owner_id)
        row["is_owner_carried_back"] = is_carried_back
    return row


def _times(deal: Deal) -> Row:
    return times_of(deal) | {
        "modified_at": naive(deal.newest.modified_at),
        "modified_date": deal.reporting.day(deal.newest.modified_at),
        "expected_close_date": deal.expected_close_date,
        "closed_at_source": None if deal.closing is None else deal.closing.source,
        "seconds_to_close": seconds_to_close(deal),
    }


def _worth(deal: Deal) -> Row:
    conversion = deal.conversion(deal.newest.currency)
    return worth_of(deal) | {
        "is_rate_estimated": conversion is not None and conversion.is_estimated,
        "is_rate_missing": conversion is None,
        "probability": deal.newest.probability,
    }


def _measures(deal: Deal) -> Row:
    kind, worth = deal.stage.kind, deal.amount_converted or NOTHING
    expected = money(worth * (deal.newest.probability or NOTHING))
    weighted = {StageKind.OPEN: expected, StageKind.WON: worth, StageKind.LOST: NOTHING}
    row: Row = {"deal_count": 1, "weighted_amount": weighted[kind]}
    for each in StageKind:
        row[f"{each.value}_count"] = int(kind is each)
        row[f"{each.value}_amount"] = worth if kind is each else NOTHING
    return row


def _loss(deal: Deal) -> Row:
    came_from = last_open_stage(deal)
    return {
        "loss_reason": _loss_reason(deal) if deal.stage.kind is StageKind.LOST else None,
        "competitor": deal.newest.competitor if deal.stage.kind is StageKind.LOST else None,
        "from_stage_key": None if came_from is None else came_from.stage_key,
        "from_stage_name": None if came_from is None else came_from.name,
    }


def _loss_reason(deal: Deal) -> str | None:
    """What people wrote; where no field is kept for it, the lost stage is the reason."""
    if deal.connection.portal.crm == "bitrix24" and not deal.connection.has_loss_reason_field:
        return deal.stage.name
    return deal.newest.loss_reason
