"""fct_leads: the present state of every lead that exists."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from simulator.model import StageKind
from tests.oracle.inputs import naive
from tests.oracle.records import owner_of, place_of, seconds_to_close, times_of, worth_of

if TYPE_CHECKING:
    from tests.oracle.inputs import Row
    from tests.oracle.records import Deal, Lead

NOTHING = Decimal(0)


def fct_leads(leads: list[Lead], deals: list[Deal]) -> list[Row]:
    """One row per lead that exists, with what has become of it."""
    deals_of: dict[object, list[Deal]] = defaultdict(list)
    for deal in deals:
        if deal.exists:
            deals_of[deal.origin["lead_key"]].append(deal)
    return [
        lead.common
        | lead.origin
        | place_of(lead)
        | owner_of(lead)
        | times_of(lead)
        | worth_of(lead)
        | _measures(lead, deals_of[lead.key])
        for lead in leads
        if lead.exists
    ]


def _measures(lead: Lead, deals: list[Deal]) -> Row:
    kind = lead.stage.kind
    won = [deal for deal in deals if deal.stage.kind is StageKind.WON]
    is_converted = kind is StageKind.WON
    closing = lead.closing if is_converted else None
    return {
        "modified_at": naive(lead.newest.modified_at),
        "modified_date": lead.reporting.day(lead.newest.modified_at),
        "converted_at": None if closing is None else naive(closing.at),
        "converted_date": lead.closed_date if is_converted else None,
        "created_count": 1,
        "open_count": int(kind is StageKind.OPEN),
        "converted_count": int(is_converted),
        "lost_count": int(kind is StageKind.LOST),
        "quality_lead_count": int(kind is not StageKind.LOST),
        "deal_count": len(deals),
        "won_count": len(won),
        "won_amount": sum((deal.amount_converted or NOTHING for deal in won), NOTHING),
        "seconds_to_convert": seconds_to_close(lead) if is_converted else 0,
        "loss_note": lead.newest.loss_note,
    }
