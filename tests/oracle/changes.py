"""fct_deal_changes: who changed amount, planned date, stage and owner of a deal."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.oracle.inputs import Row, money, naive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.oracle.history import Snapshot
    from tests.oracle.records import Deal

NOTHING = Decimal(0)


def fct_deal_changes(deals: list[Deal]) -> list[Row]:
    """One row per change of an existing deal; first states are none."""
    return [row for deal in deals if deal.exists for row in (*_moves(deal), *_edits(deal))]


def _moves(deal: Deal) -> Iterator[Row]:
    for stay in deal.stays:
        if stay.previous is not None:
            keys: Row = {"old_key": stay.previous.stage_key, "new_key": stay.stage.stage_key}
            yield _row(deal, "stage", stay.entered_at, (stay.previous.name, stay.stage.name)) | keys


def _edits(deal: Deal) -> Iterator[Row]:
    for before, after in pairwise(deal.history.snapshots):
        at = after.valid_from
        if before.owner_id != after.owner_id:
            old, new = deal.employee(before.owner_id), deal.employee(after.owner_id)
            yield _row(deal, "owner", at, (old[1], new[1])) | {"old_key": old[0], "new_key": new[0]}
        if _is_other_amount(deal, before, after):
            difference = {"amount_difference": money(_worth(deal, after) - _worth(deal, before))}
            yield _row(deal, "amount", at, (_money(deal, before), _money(deal, after))) | difference
        dates = _day(deal, before), _day(deal, after)
        if dates[0] != dates[1]:
            days = 0 if dates[0] is None or dates[1] is None else (dates[1] - dates[0]).days
            texts = tuple(None if day is None else day.isoformat() for day in dates)
            yield _row(deal, "expected_close_date", at, texts) | {"days_moved": days}


def _is_other_amount(deal: Deal, before: Snapshot, after: Snapshot) -> bool:
    """Another number, or the same number in another currency."""
    is_other_currency = _currency(deal, before) != _currency(deal, after)
    return before.amount != after.amount or (after.amount is not None and is_other_currency)


def _currency(deal: Deal, snapshot: Snapshot) -> str:
    return deal.rates.currency_of(deal.connection.name, snapshot.currency)


def _money(deal: Deal, snapshot: Snapshot) -> str | None:
    """As people write it: without idle zeros."""
    if snapshot.amount is None:
        return None
    number = format(snapshot.amount, "f")
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return f"{number} {_currency(deal, snapshot)}"


def _worth(deal: Deal, snapshot: Snapshot) -> Decimal:
    conversion = deal.conversion(snapshot.currency)
    return NOTHING if snapshot.amount is None or conversion is None else snapshot.amount * conversion.rate


def _day(deal: Deal, snapshot: Snapshot) -> date | None:
    told = snapshot.close_date
    return deal.reporting.day(told) if isinstance(told, datetime) else told


def _row(deal: Deal, field: str, at: datetime, values: tuple[object, ...]) -> Row:
    state, _ = deal.history.state_at(at)
    employee_key, employee_name = deal.employee(state.owner_id)
    pipeline_id = deal.stage.pipeline_id
    return deal.of_past | {
        "pipeline_key": deal.directory.pipeline_key(pipeline_id),
        "pipeline_name": deal.directory.pipeline_names[pipeline_id],
        "changed_at": naive(at),
        "changed_date": deal.reporting.day(at),
        "field": field,
        "old_value": values[0],
        "new_value": values[1],
        "old_key": None,
        "new_key": None,
        "amount_difference": NOTHING,
        "days_moved": 0,
        "employee_key": employee_key,
        "employee_name": employee_name,
        "department": deal.directory.department(state.owner_id),
        "change_count": 1,
    }
