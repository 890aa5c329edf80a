"""fct_deals: the present state of every deal that exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from simulator.model import StageKind
from tests.oracle.inputs import Connection, Reporting, Row, money, naive, seconds_between
from tests.oracle.stages import Directory, StageFacts
from tests.oracle.stays import Stay, closing_run, stays_of

if TYPE_CHECKING:
    from tests.oracle.history import DealHistory
    from tests.oracle.rates import Conversion, Rates

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Closing:
    """When a deal was closed and how that is known."""

    at: datetime
    source: str


@dataclass(frozen=True)
class Deal:
    """A deal with everything worked out that its facts share."""

    connection: Connection
    reporting: Reporting
    directory: Directory
    rates: Rates
    native_id: str
    history: DealHistory
    stays: list[Stay]

    @property
    def key(self) -> str:
        """Its key."""
        return f"{self.connection.name}:deal:{self.native_id}"

    @property
    def stage(self) -> StageFacts:
        """The stage it is in."""
        return self.directory.stage(self.history.newest.place)

    @property
    def closing(self) -> Closing | None:
        """Start of the unbroken run of stays of the closed kind it is in; None while it is open."""
        run = closing_run(self.stays)
        if not run:
            return None
        is_unseen = run[0].number == 1 or run[0].source in {"inferred_creation", "inferred_current"}
        told = self._told_close()
        if told is not None and (is_unseen or self.connection.closing_date == "crm_field"):
            return Closing(told, "crm_field")
        return Closing(run[0].entered_at, "inferred" if is_unseen else "history")

    @property
    def closed_date(self) -> date | None:
        """The day of its closing where the company reports."""
        closing = self.closing
        return None if closing is None else self.reporting.day(closing.at)

    @property
    def expected_close_date(self) -> date | None:
        """The CRM's close date as a day; a typed one is itself."""
        told = self.history.newest.deal.close_date
        return self.reporting.day(told) if isinstance(told, datetime) else told

    def _told_close(self) -> datetime | None:
        told = self.history.newest.deal.close_date
        if told is None:
            return None
        at = told if isinstance(told, datetime) else self.reporting.midnight(told)
        return at if at <= self.history.newest.captured_at else None

    def conversion(self, currency: str | None) -> Conversion | None:
        """The rate of the closing date for a closed deal, the latest one for an open deal."""
        code = self.rates.currency_of(self.connection.name, currency)
        return self.rates.to_reporting(self.connection.name, code, self.closed_date)

    def converted(self, amount: Decimal | None, currency: str | None) -> Decimal | None:
        """An amount in the reporting currency; None where there is none or nobody knows the rate."""
        conversion = self.conversion(currency)
        return None if amount is None or conversion is None else conversion.of(amount)

    @property
    def amount_converted(self) -> Decimal | None:
        """Its present amount in the reporting currency."""
        deal = self.history.newest.deal
        return self.converted(deal.amount, deal.currency)

    def employee(self, native_id: str | None) -> tuple[str | None, str | None]:
        """Key and name."""
        return self.connection.key("employee", native_id), self.directory.employee_name(native_id)

    @property
    def common(self) -> Row:
        """What all of its facts carry."""
        return {
            "deal_key": self.key,
            "record_key": self.key,
            "connection": self.connection.name,
            "record_type": "deal",
            "record_url": self.connection.record_url(self.native_id),
            "title": self.history.newest.deal.title,
        }


def work_out(
    connection: Connection, reporting: Reporting, rates: Rates, found: dict[str, DealHistory]
) -> list[Deal]:
    """The deals of a connection, deleted ones included."""
    directory = Directory(connection)
    return [
        Deal(connection, reporting, directory, rates, native_id, history, stays_of(history, directory))
        for native_id, history in found.items()
    ]


def fct_deals(deals: list[Deal]) -> list[Row]:
    """One row per deal that exists."""
    return [
        deal.common | _place(deal) | _people(deal) | _times(deal) | _worth(deal) | _measures(deal)
        for deal in deals
        if deal.history.deletion is None
    ]


def _place(deal: Deal) -> Row:
    stage = deal.stage
    return {
        "native_id": deal.native_id,
        "pipeline_key": stage.pipeline_key,
        "pipeline_name": deal.directory.pipeline_names[stage.pipeline_id],
        "stage_key": stage.stage_key,
        "stage_name": stage.name,
        "stage_kind": stage.kind.value,
        "stage_position": stage.position,
        "status": stage.kind.value,
    }


def _people(deal: Deal) -> Row:
    owner_key, owner_name = deal.employee(deal.history.newest.deal.owner_id)
    row: Row = {
        "owner_key": owner_key,
        "owner_name": owner_name,
        "employee_key": owner_key,
        "employee_name": owner_name,
        "is_owner_carried_back": False,
    }
    if deal.closing is not None:
        state, is_carried_back = deal.history.state_at(deal.closing.at)
        row["employee_key"], row["employee_name"] = deal.employee(state.owner_id)
        row["is_owner_carried_back"] = is_carried_back
    return row


def _times(deal: Deal) -> Row:
    newest, closing = deal.history.newest.deal, deal.closing
    seconds = 0 if closing is None else max(0, seconds_between(newest.created_at, closing.at))
    return {
        "created_at": naive(newest.created_at),
        "created_date": deal.reporting.day(newest.created_at),
        "modified_at": naive(newest.modified_at),
        "expected_close_date": deal.expected_close_date,
        "closed_at": None if closing is None else naive(closing.at),
        "closed_date": deal.closed_date,
        "closed_at_source": None if closing is None else closing.source,
        "seconds_to_close": seconds,
    }


def _worth(deal: Deal) -> Row:
    newest = deal.history.newest.deal
    conversion = deal.conversion(newest.currency)
    return {
        "amount": newest.amount,
        "currency": deal.rates.currency_of(deal.connection.name, newest.currency),
        "amount_converted": deal.amount_converted,
        "is_rate_estimated": conversion is not None and conversion.is_estimated,
        "is_rate_missing": conversion is None,
        "probability": newest.probability,
    }


def _measures(deal: Deal) -> Row:
    kind, worth = deal.stage.kind, deal.amount_converted or NOTHING
    expected = money(worth * (deal.history.newest.deal.probability or NOTHING))
    weighted = {StageKind.OPEN: expected, StageKind.WON: worth, StageKind.LOST: NOTHING}
    row: Row = {"deal_count": 1, "weighted_amount": weighted[kind]}
    for each in StageKind:
        row[f"{each.value}_count"] = int(kind is each)
        row[f"{each.value}_amount"] = worth if kind is each else NOTHING
    return row
