"""The state of a deal at any instant, looked up: nothing is cut into spans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from simulator.model import StageKind
from tests.oracle.inputs import money

if TYPE_CHECKING:
    from datetime import date, datetime

    from tests.oracle.records import Deal
    from tests.oracle.stages import StageFacts

NOTHING = Decimal(0)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class State:
    """Where a deal stood, whose it was and what it was worth."""

    stage: StageFacts
    owner_id: str | None
    amount: Decimal | None
    currency: str | None
    probability: Decimal
    is_carried_back: bool

    @property
    def is_open(self) -> bool:
        """Whether it could still be won."""
        return self.stage.kind is StageKind.OPEN

    @property
    def holder(self) -> tuple[StageFacts, str | None]:
        """A stage of its pipeline and its responsible employee."""
        return self.stage, self.owner_id


def state_before(deal: Deal, moment: datetime) -> State | None:
    """The state after everything that happened before `moment`; None while the deal does not exist."""
    if deal.created_at >= moment or _is_gone(deal, moment):
        return None
    entered = [stay.stage for stay in deal.stays if stay.entered_at < moment]
    return _state_in(deal, entered[-1] if entered else deal.stays[0].stage, moment)


def _state_in(deal: Deal, stage: StageFacts, moment: datetime) -> State:
    known = [snapshot for snapshot in deal.history.snapshots if snapshot.valid_from < moment]
    snapshot = known[-1] if known else None
    newest = deal.newest
    return State(
        stage=stage,
        owner_id=snapshot.owner_id if snapshot else newest.owner_id,
        amount=snapshot.amount if snapshot else newest.amount,
        currency=snapshot.currency if snapshot else newest.currency,
        probability=_probability(deal, stage, snapshot.probability if snapshot else None),
        is_carried_back=snapshot is None,
    )


def states_passed(deal: Deal, moment: datetime) -> list[State]:
    """The states that began and ended in this instant, in order."""
    if _is_gone(deal, moment + INSTANT):
        return []
    stages = [stay.stage for stay in deal.stays if stay.entered_at == moment]
    return [_state_in(deal, stage, moment + INSTANT) for stage in stages[:-1]]


def worth_on(deal: Deal, state: State, day: date) -> Decimal:
    """What it was worth by the rate of a day; nothing where nobody knows a rate."""
    code = deal.rates.currency_of(deal.connection.name, state.currency)
    conversion = deal.rates.to_reporting(deal.connection.name, code, day)
    return NOTHING if state.amount is None or conversion is None else conversion.of(state.amount)


def weighted(worth: Decimal, state: State) -> Decimal:
    """What of it is to be expected."""
    return money(worth * state.probability)


def moments_of(deal: Deal) -> list[datetime]:
    """Every instant at which anything about it may have changed, in order."""
    moments = {deal.created_at}
    moments |= {stay.entered_at for stay in deal.stays}
    moments |= {snapshot.valid_from for snapshot in deal.history.snapshots}
    for absence in deal.history.deletions:
        moments |= {absence.deleted_at} | ({absence.restored_at} if absence.restored_at else set())
    return sorted(moment for moment in moments if moment >= deal.created_at)


def _is_gone(deal: Deal, moment: datetime) -> bool:
    return any(
        absence.deleted_at < moment and (absence.restored_at is None or moment <= absence.restored_at)
        for absence in deal.history.deletions
    )


def _probability(deal: Deal, stage: StageFacts, told: Decimal | None) -> Decimal:
    """That of the version, else of the stage, else of the deal now."""
    of_version = told if deal.connection.portal.crm == "bitrix24" else None
    for known in (of_version, stage.probability, deal.newest.probability):
        if known is not None:
            return known
    return NOTHING
