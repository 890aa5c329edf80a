"""fct_deal_days: the open deals at the end of some days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.oracle.states import State, state_before, weighted, worth_on

if TYPE_CHECKING:
    from tests.oracle.inputs import Connection, Reporting, Row
    from tests.oracle.records import Deal

REPORTED_DAYS = 400


def sampled_days(connections: list[Connection], reporting: Reporting) -> list[date]:
    """The days that are compared: the last ones, month ends, and days nothing else points at."""
    last = max(reporting.day(connection.data_as_of) for connection in connections)
    days = {last - timedelta(days=back) for back in (0, 1, 2, 3, 5, 6, 17, 18, 30, 77, 399, 400, 401, 500)}
    first_of_month = last.replace(day=1)
    for _ in range(16):
        days.add(first_of_month - timedelta(days=1))
        first_of_month = (first_of_month - timedelta(days=1)).replace(day=1)
    return sorted(days)


def fct_deal_days(deals: list[Deal], days: list[date]) -> list[Row]:
    """One row per deal and day, of these days, at whose end it was open."""
    rows = [_row(deal, day) for deal in deals for day in days]
    return [row for row in rows if row is not None]


def _row(deal: Deal, day: date) -> Row | None:
    last = deal.reporting.day(deal.connection.data_as_of)
    state = state_before(deal, deal.reporting.end_of(day))
    if day > last or state is None or not state.is_open:
        return None
    worth = worth_on(deal, state, day)
    is_month_end = day == last or (day + timedelta(days=1)).day == 1
    return (
        deal.of_past
        | _holder(deal, state)
        | _value(deal, state, day)
        | {
            "as_of_date": day,
            "open_count": 1,
            "open_amount": worth,
            "weighted_amount": weighted(worth, state),
            "is_month_end": is_month_end,
            "is_reported_day": is_month_end or day > last - timedelta(days=REPORTED_DAYS),
        }
    )


def _holder(deal: Deal, state: State) -> Row:
    employee_key, employee_name = deal.employee(state.owner_id)
    return {
        "pipeline_key": state.stage.pipeline_key,
        "pipeline_name": deal.directory.pipeline_names[state.stage.pipeline_id],
        "stage_key": state.stage.stage_key,
        "stage_name": state.stage.name,
        "stage_position": state.stage.position,
        "employee_key": employee_key,
        "employee_name": employee_name,
        "department": deal.directory.department(state.owner_id),
        "is_owner_carried_back": state.is_carried_back,
    }


def _value(deal: Deal, state: State, day: date) -> Row:
    code = deal.rates.currency_of(deal.connection.name, state.currency)
    conversion = deal.rates.to_reporting(deal.connection.name, code, day)
    is_known = state.amount is not None and conversion is not None
    return {
        "amount": state.amount,
        "currency": code,
        "amount_converted": worth_on(deal, state, day) if is_known else None,
        "is_amount_carried_back": state.is_carried_back,
        "is_rate_estimated": conversion is not None and conversion.is_estimated,
        "is_rate_missing": conversion is None,
        "probability": state.probability,
    }
