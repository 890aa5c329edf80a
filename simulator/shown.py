"""What both dialects and both CRMs' users agree on: plain facts read off a deal's changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from datetime import date, datetime

    from simulator.model import Change, Deal, FieldValue, Record, Stage, World

State = dict[str, "FieldValue | tuple[int, int]"]


def close_date(state: State) -> date | datetime | None:
    """The one close date a card shows: when it was closed if that is filled in, else the planned day."""
    return cast("date | datetime | None", state["closed_at"] or state["expected_close_date"])


def place(state: State) -> tuple[int, int]:
    """The pipeline and stage a deal is in."""
    return cast("tuple[int, int]", state["stage"])


def stage_of(world: World, where: tuple[int, int]) -> Stage:
    """The stage with this pipeline and number, existing or deleted."""
    return next(stage for stage in world.pipelines[where[0]].stages if stage.number == where[1])


def moves(record: Record) -> list[Change]:
    """The changes of stage that are no mere re-saves, its birth first."""
    real: list[Change] = []
    for change in record.changes:
        if change.name == "stage" and (not real or real[-1].value != change.value):
            real.append(change)
    return real


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A row of the stage history of Bitrix24."""

    number: int
    deal: Deal
    type: int
    at: datetime
    pipeline: int
    stage: int


def stage_history(world: World) -> list[HistoryRow]:
    """Every row ever written, numbered over all deals in order of time; not all of them can be read."""
    entries = []
    for deal in world.deals:
        if not deal.has_lost_history:
            told = [
                move for move in moves(deal) if not deal.history_ends_at or move.at < deal.history_ends_at
            ]
            entries += [(move.at, deal.number, order, move, deal) for order, move in enumerate(told)]
    entries.sort(key=lambda entry: entry[:3])
    rows: list[HistoryRow] = []
    latest: dict[int, tuple[int, int]] = {}
    for number, (at, deal_number, _, move, deal) in enumerate(entries, start=1):
        where = cast("tuple[int, int]", move.value)
        type_ = _row_type(latest.get(deal_number), where)
        rows.append(HistoryRow(number, deal, type_, at, *where))
        latest[deal_number] = where
    return rows


def _row_type(before: tuple[int, int] | None, after: tuple[int, int]) -> int:
    if before is None:
        return 1
    if before[0] != after[0]:
        return 5
    return 3 if after[1] >= 900 else 2
