"""fct_pipeline_months and rpt_pipeline_waterfall: what changed the pipeline, event by event."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from simulator.model import StageKind
from tests.oracle.states import INSTANT, NOTHING, State, moments_of, state_before, states_passed, worth_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tests.oracle.inputs import Row
    from tests.oracle.records import Deal

IN = ("opening", "created", "increased", "transferred_in", "reopened", "undeleted")
OUT = ("decreased", "transferred_out", "won", "lost", "deleted")
STANDARD = ("department", "source_key", "source_name", "is_repeat")
UNKNOWABLE = ("increased", "decreased")
MOVEMENTS = (*IN[1:], *OUT)
Holder = tuple[str, str | None]  # the ids of a pipeline and an employee
Step = tuple[str, Holder, Decimal]


def fct_pipeline_months(deals: list[Deal]) -> list[Row]:
    """One row per deal, month, pipeline and employee that anything is to be said of."""
    return [row for deal in deals for month in _months(deal) for row in _rows(deal, month)]


def _months(deal: Deal) -> Iterator[date]:
    month = deal.reporting.day(deal.created_at).replace(day=1)
    while month <= deal.reporting.day(deal.connection.data_as_of):
        yield month
        month = _next(month)


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _rows(deal: Deal, month: date) -> list[Row]:
    start, end = deal.reporting.midnight(month), deal.reporting.midnight(_next(month))
    opening_day = month - timedelta(days=1)
    closing_day = min(_next(month) - timedelta(days=1), deal.reporting.day(deal.connection.data_as_of))
    measures: dict[Holder, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    guessed: set[Holder] = set()
    steps = [*_stock(deal, start, "opening", opening_day), *_stock(deal, end, "closing", closing_day)]
    for moment in [moment for moment in moments_of(deal) if start <= moment < end]:
        steps += _movement(deal, moment, opening_day)
    for name, holder, amount in steps:
        measures[holder][f"{name}_amount"] += amount
        measures[holder][f"{name}_count"] += 1
    for moment in (start, end, *moments_of(deal)):
        state = state_before(deal, moment)
        if start <= moment <= end and state is not None and state.is_open and state.is_carried_back:
            guessed.add(_holder(state))
    is_before_capture = end <= deal.connection.portal.captures[0].at
    return [
        _row(deal, month, holder, found, is_known=_is_known(deal, is_before_capture, holder in guessed))
        for holder, found in measures.items()
    ]


def _is_known(deal: Deal, is_before_capture: bool, is_guessed: bool) -> bool:
    """Whether changes of an amount can be known: Bitrix24 tells none, so that somebody must have looked."""
    return not (is_before_capture and (is_guessed or deal.connection.portal.crm == "bitrix24"))


def _stock(deal: Deal, moment: datetime, name: str, day: date) -> list[Step]:
    state = state_before(deal, moment)
    if state is None or not state.is_open:
        return []
    return [(name, _holder(state), worth_on(deal, state, day))]


def _holder(state: State) -> Holder:
    return state.stage.pipeline_id, state.owner_id


def _movement(deal: Deal, moment: datetime, day: date) -> list[Step]:
    """What the changes of one instant were, step by step where the deal passed through stages in it."""
    states = [state_before(deal, moment), *states_passed(deal, moment), state_before(deal, moment + INSTANT)]
    return [step for before, after in pairwise(states) for step in _step(deal, moment, before, after, day)]


def _step(deal: Deal, moment: datetime, before: State | None, after: State | None, day: date) -> list[Step]:
    was_open, is_open = before is not None and before.is_open, after is not None and after.is_open
    if before is not None and was_open:
        had = worth_on(deal, before, day)
        if after is None:
            return [("deleted", _holder(before), had)]
        return _changed(deal, before, after, day)
    if after is None or not is_open:
        return []
    if before is not None:
        return [("reopened", _holder(after), worth_on(deal, after, day))]
    name = "created" if moment <= deal.created_at else "undeleted"
    return [(name, _holder(after), worth_on(deal, after, day))]


def _changed(deal: Deal, before: State, after: State, day: date) -> list[Step]:
    """An open deal after an instant; a changed amount is one of whoever has it then, or had it last."""
    old, new = _holder(before), _holder(after)
    had, has = worth_on(deal, before, day), worth_on(deal, after, day)
    steps: list[Step] = []
    if after.is_open and old != new:
        steps += [("transferred_out", old, had), ("transferred_in", new, had)]
    keeper = new if after.is_open else old
    is_first_known = before.is_carried_back and not after.is_carried_back
    if has != had and not is_first_known:
        steps.append(("increased" if has > had else "decreased", keeper, abs(has - had)))
    if not after.is_open:
        steps.append(("won" if after.stage.kind is StageKind.WON else "lost", old, has))
    return steps


def _row(deal: Deal, month: date, holder: Holder, found: dict[str, Decimal], *, is_known: bool) -> Row:
    pipeline_id, owner_id = holder
    employee_key, employee_name = deal.employee(owner_id)
    row = deal.of_past | {
        "period_month": month,
        "pipeline_key": deal.directory.pipeline_key(pipeline_id),
        "pipeline_name": deal.directory.pipeline_names[pipeline_id],
        "employee_key": employee_key,
        "employee_name": employee_name,
        "department": deal.directory.department(owner_id),
    }
    for name in ("opening", *MOVEMENTS, "closing"):
        is_told = is_known or name not in UNKNOWABLE
        row[f"{name}_count"] = found.get(f"{name}_count", NOTHING) if is_told else None
        row[f"{name}_amount"] = found.get(f"{name}_amount", NOTHING) if is_told else None
    row["fx_amount"] = _rest(row)
    return row


def _rest(row: Row) -> Decimal:
    """What only rates have changed."""
    came = sum((_amount(row, name) for name in IN), NOTHING)
    went = sum((_amount(row, name) for name in OUT), NOTHING)
    return _amount(row, "closing") - came + went


def _amount(row: Row, name: str) -> Decimal:
    value = row[f"{name}_amount"]
    return value if isinstance(value, Decimal) else NOTHING


MEASURES = (
    *(f"{name}_{kind}" for name in ("opening", *MOVEMENTS, "closing") for kind in ("count", "amount")),
    "fx_amount",
)


def rpt_pipeline_waterfall(months: list[Row]) -> list[Row]:
    """The months by pipeline and employee; what is unknown of all of them is unknown of their sum."""
    names = ("period_month", "connection", "pipeline_key", "pipeline_name", "employee_key", "employee_name")
    groups: dict[tuple[object, ...], Row] = {}
    for month in months:
        dimensions = {name: month[name] for name in (*names, *STANDARD)}
        row = groups.setdefault(tuple(dimensions.values()), dimensions | dict.fromkeys(MEASURES))
        for name in MEASURES:
            row[name] = _plus(row[name], month[name])
    return list(groups.values())


def _plus(total: object, value: object) -> object:
    known = [Decimal(str(number)) for number in (total, value) if number is not None]
    return sum(known, NOTHING) if known else None
