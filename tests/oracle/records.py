"""A deal or lead, with everything worked out that its facts share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Generic, TypeAlias

from simulator.model import StageKind
from simulator.visible_records import VisibleDeal, VisibleLead
from tests.oracle.history import History, R, deal_histories, lead_histories
from tests.oracle.inputs import Connection, Reporting, Row, naive, seconds_between
from tests.oracle.stages import Directory, StageFacts
from tests.oracle.stays import Stay, closing_run, stays_of

if TYPE_CHECKING:
    from decimal import Decimal

    from tests.oracle.rates import Conversion, Rates


@dataclass(frozen=True)
class Closing:
    """When a record was closed and how that is known."""

    at: datetime
    source: str


@dataclass(frozen=True)
class Record(Generic[R]):
    """A deal or lead with everything worked out that its facts share."""

    connection: Connection
    reporting: Reporting
    directory: Directory
    rates: Rates
    native_id: str
    history: History[R]
    stays: list[Stay]
    origin: Row = field(default_factory=dict)  # its client, source and the like, once all records are known

    @property
    def record_type(self) -> str:
        """Deal or lead."""
        return self.directory.record_type

    @property
    def key(self) -> str:
        """Its key."""
        return f"{self.connection.name}:{self.record_type}:{self.native_id}"

    @property
    def newest(self) -> R:
        """It as last captured."""
        return self.history.newest.record

    @property
    def created_at(self) -> datetime:
        """When it was created."""
        return self.newest.created_at

    @property
    def exists(self) -> bool:
        """Whether it is not deleted."""
        return not self.history.is_deleted

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
        first = run[0]
        is_unseen = first.moved_in_at is None and (
            first.number == 1 or first.source in {"inferred_creation", "inferred_current"}
        )
        told = self._told_close()
        if told is not None and (is_unseen or self.connection.closing_date == "crm_field"):
            return Closing(told, "crm_field")
        return Closing(first.began_at, "inferred" if is_unseen else "history")

    @property
    def closed_date(self) -> date | None:
        """The day of its closing where the company reports."""
        closing = self.closing
        return None if closing is None else self.reporting.day(closing.at)

    @property
    def expected_close_date(self) -> date | None:
        """The CRM's close date as a day; a typed one is itself."""
        told = self.newest.close_date
        return self.reporting.day(told) if isinstance(told, datetime) else told

    def _told_close(self) -> datetime | None:
        told = self.newest.close_date
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
        return self.converted(self.newest.amount, self.newest.currency)

    def employee(self, native_id: str | None) -> tuple[str | None, str | None]:
        """Key and name."""
        return self.connection.key("employee", native_id), self.directory.employee_name(native_id)

    @property
    def description(self) -> Row:
        """Its origin without its lead."""
        return {name: value for name, value in self.origin.items() if name != "lead_key"}

    @property
    def of_past(self) -> Row:
        """What facts of its past carry."""
        named = {name: value for name, value in self.common.items() if name != "deal_key"}
        return named | {name: self.origin[name] for name in ("source_key", "source_name", "is_repeat")}

    @property
    def common(self) -> Row:
        """What all of its facts carry."""
        return {
            f"{self.record_type}_key": self.key,
            "record_key": self.key,
            "connection": self.connection.name,
            "record_type": self.record_type,
            "record_url": self.connection.record_url(self.record_type, self.native_id),
            "title": self.newest.title,
        }


Deal: TypeAlias = Record[VisibleDeal]
Lead: TypeAlias = Record[VisibleLead]


def deals_of(connection: Connection, reporting: Reporting, rates: Rates) -> list[Deal]:
    """The deals of a connection, deleted ones included."""
    found, directory = deal_histories(connection.portal), Directory(connection)
    return [
        Record(connection, reporting, directory, rates, native_id, history, stays_of(history, directory))
        for native_id, history in found.items()
    ]


def leads_of(connection: Connection, reporting: Reporting, rates: Rates) -> list[Lead]:
    """The leads of a connection, deleted ones included."""
    found, directory = lead_histories(connection.portal), Directory(connection, "lead")
    return [
        Record(connection, reporting, directory, rates, native_id, history, stays_of(history, directory))
        for native_id, history in found.items()
    ]


def last_open_stage(record: Deal | Lead) -> StageFacts | None:
    """The last open stage before the run of lost stays that a lost record is in; None for others."""
    if record.stage.kind is not StageKind.LOST:
        return None
    earlier = record.stays[: len(record.stays) - len(closing_run(record.stays))]
    stages = [stay.stage for stay in earlier if stay.stage.kind is StageKind.OPEN]
    return stages[-1] if stages else None


def place_of(record: Deal | Lead) -> Row:
    """Where it stands."""
    stage = record.stage
    return {
        "native_id": record.native_id,
        "pipeline_key": stage.pipeline_key,
        "pipeline_name": record.directory.pipeline_names[stage.pipeline_id],
        "stage_key": stage.stage_key,
        "stage_name": stage.name,
        "stage_kind": stage.kind.value,
        "stage_position": stage.position,
        "status": stage.kind.value,
    }


def owner_of(record: Deal | Lead) -> Row:
    """Who is responsible now."""
    owner_key, owner_name = record.employee(record.newest.owner_id)
    department = record.directory.department(record.newest.owner_id)
    return {"owner_key": owner_key, "owner_name": owner_name, "department": department}


def times_of(record: Deal | Lead) -> Row:
    """When it was created and closed."""
    return {
        "created_at": naive(record.created_at),
        "created_date": record.reporting.day(record.created_at),
        "closed_at": None if record.closing is None else naive(record.closing.at),
        "closed_date": record.closed_date,
    }


def seconds_to_close(record: Deal | Lead) -> int:
    """From creation to closing, 0 while open; never below 0."""
    closing = record.closing
    return 0 if closing is None else max(0, seconds_between(record.created_at, closing.at))


def worth_of(record: Deal | Lead) -> Row:
    """What it is worth now."""
    return {
        "amount": record.newest.amount,
        "currency": record.rates.currency_of(record.connection.name, record.newest.currency),
        "amount_converted": record.amount_converted,
    }
