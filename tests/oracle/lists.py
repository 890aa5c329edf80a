"""The reports that list deals: those that nobody is selling to, and those that were lost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from simulator.model import StageKind
from tests.oracle.activities import done
from tests.oracle.inputs import naive

if TYPE_CHECKING:
    from datetime import date, datetime

    from simulator.visible_records import VisibleActivity
    from tests.oracle.inputs import Row
    from tests.oracle.records import Deal

NOTHING = Decimal(0)
LISTED = (
    "deal_key", "title", "client_name", "connection", "pipeline_key", "pipeline_name", "stage_key",
    "stage_name", "source_key", "source_name", "is_repeat", "created_date", "record_url",
)  # fmt: skip
OWNER = ("owner_key", "owner_name", "department")
LOSS = (
    "closed_date", "loss_reason", "competitor", "from_stage_key", "from_stage_name", "employee_key",
    "employee_name", "lost_count", "lost_amount",
)  # fmt: skip


def rpt_deals_without_activities(rows: list[Row], deals: list[Deal]) -> list[Row]:
    """The open deals that no planned activity is bound to, an overdue one being planned, too."""
    by_key = {deal.key: deal for deal in deals}
    found = []
    for row in rows:
        deal = by_key[str(row["deal_key"])]
        bound = _bound(deal)
        if deal.stage.kind is not StageKind.OPEN or any(not act.is_completed for act in bound):
            continue
        last = _last_touch(deal, bound)
        days = (deal.reporting.day(deal.connection.data_as_of) - (_day(deal, last) or _created(deal))).days
        found.append(
            {name: row[name] for name in (*LISTED, *OWNER)}
            | {"last_activity_at": naive(last), "last_activity_date": _day(deal, last)}
            | {"days_without_activity": days, "deal_count": 1, "amount_at_risk": row["open_amount"]}
        )
    return found


def rpt_lost_deals(rows: list[Row], deals: list[Deal]) -> list[Row]:
    """The lost deals, with the last that was done about them."""
    by_key = {deal.key: deal for deal in deals}
    found = []
    for row in rows:
        deal = by_key[str(row["deal_key"])]
        if deal.stage.kind is not StageKind.LOST or deal.closed_date is None:
            continue
        last = _last_touch(deal, _bound(deal))
        found.append(
            {name: row[name] for name in (*LISTED, *LOSS)}
            | {"department": row["employee_department"]}
            | {"last_activity_at": naive(last), "last_activity_date": _day(deal, last)}
            | {"days_to_close": (deal.closed_date - _created(deal)).days}
        )
    return found


def _bound(deal: Deal) -> list[VisibleActivity]:
    activities = deal.connection.portal.captures[-1].activities.values()
    return [activity for activity in activities if ("deal", deal.native_id) in activity.bindings]


def _last_touch(deal: Deal, bound: list[VisibleActivity]) -> datetime | None:
    moments = [moment for activity in bound if (moment := done(deal.connection, activity)) is not None]
    return max(moments, default=None)


def _created(deal: Deal) -> date:
    return deal.reporting.day(deal.created_at)


def _day(deal: Deal, moment: datetime | None) -> date | None:
    return None if moment is None else deal.reporting.day(moment)
