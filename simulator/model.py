"""The facts of one simulated company, free of any CRM's dialect.

Every record is a list of dated changes, so that its state at any past moment can be worked out. Nothing here
reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from threading import RLock
from typing import Any

# Numbers of the closing stages of every pipeline; open stages have smaller ones.
WON_STAGE = 900
LOST_STAGE = 901
OTHER_LOST_STAGE = 902

FieldValue = str | int | bool | Decimal | date | datetime | tuple[str, ...] | None
Value = Any


class StageKind(StrEnum):
    """What standing in a stage means for a deal."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True)
class Department:
    """A department; `parent` is None for the root."""

    number: int
    name: str
    parent: int | None


@dataclass(frozen=True)
class Employee:
    """Somebody who can own deals; `dismissed_at` is None while employed."""

    number: int
    first_name: str
    last_name: str
    email: str
    department: int
    hired_at: datetime
    dismissed_at: datetime | None = None


@dataclass
class Stage:
    """A stage of a pipeline with its names over time (first entry: the name at creation)."""

    number: int
    names: list[tuple[datetime, str]]
    sort: int
    kind: StageKind
    probability: Decimal
    created_at: datetime
    deleted_at: datetime | None = None


@dataclass
class Pipeline:
    """A pipeline of deals; number 0 is the default one."""

    number: int
    name: str
    sort: int
    stages: list[Stage]


@dataclass(frozen=True)
class Rate:
    """From `valid_from` on, one unit of `currency` costs `rate` units of the company's base currency."""

    currency: str
    valid_from: datetime
    rate: Decimal


class FieldType(StrEnum):
    """The kinds of custom fields that every CRM here can express."""

    TEXT = "string"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    ENUMERATION = "enumeration"


@dataclass
class CustomField:
    """A field added to deals: its labels over time, and (code, label) of an enumeration's options."""

    number: int
    labels: list[tuple[datetime, str]]
    type: FieldType
    is_multiple: bool = False
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LeadStage:
    """A status of leads; `kind` won means converted."""

    number: int
    name: str
    sort: int
    kind: StageKind


@dataclass(frozen=True)
class Origin:
    """Where enquiries come from: an entry of the dictionary of sources."""

    number: int
    name: str


class ActivityType(StrEnum):
    """What people do with a record."""

    CALL = "call"
    MEETING = "meeting"
    EMAIL = "email"
    TASK = "task"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Binding:
    """A record that an activity hangs on: `type` is deal, lead, contact or company."""

    type: str
    number: int


@dataclass(frozen=True, slots=True)
class Change:
    """At `at`, employee `by` set `name` to `value`.

    Names that every record has: owner, is_deleted, and merged_into (the number of the surviving record of the
    same kind, set together with is_deleted).
    Deals: title, stage (pipeline and stage number), amount, currency, expected_close_date, closed_at,
    probability (percent), company (number or None), contacts (numbers, the primary one first), lead (number
    or None), loss_reason and competitor (texts or None), and custom:<field number>.
    Leads: title, stage (lead stage number), amount, currency, company, contacts, disqualification (a text or
    None), phones, emails.
    Contacts: first_name, last_name, phones and emails (tuples of (kind, value), kind work, mobile or home),
    companies (numbers, the primary one first), job_title, comments, country, city.
    Companies: name, phones, emails, industry, country, city.
    Leads, deals and contacts: source (number of an origin or None), utm_source, utm_medium, utm_campaign,
    utm_content, utm_term (texts or None).
    Activities: subject, is_completed, completed_at, start_at, end_at, deadline (moments or None), outcome
    (text or None), duration_seconds (of calls, or None), bindings (of `Binding`, the primary one first). The
    deadline of a planned call or meeting is its start; a task starts when it is set and has no end.
    Links never lead to a deleted record: deleting or merging one changes them at the same instant. An
    activity that hangs on nothing but a deleted record is deleted with it, and keeps its binding.
    An enumeration's value is the code of an option, or a tuple of codes. A stage may be set to what it
    already is (a re-save). Of two changes at one instant the later in the list is the later one.
    """

    at: datetime
    name: str
    value: Value
    by: int


@dataclass
class Record:
    """A number, a birth, and every change in order of time (those of the birth included)."""

    number: int
    created_at: datetime
    created_by: int
    changes: list[Change] = field(default_factory=list)

    def state_at(self, moment: datetime) -> dict[str, Value]:
        """The value of every field at `moment`; empty before the record's birth."""
        return {change.name: change.value for change in self.changes if change.at <= moment}

    def modified_at(self, moment: datetime) -> datetime:
        """When it was last changed, as seen at `moment`."""
        return max((change.at for change in self.changes if change.at <= moment), default=self.created_at)

    def exists_at(self, moment: datetime) -> bool:
        """Whether it was born and is not deleted."""
        return self.created_at <= moment and not self.state_at(moment).get("is_deleted", False)


@dataclass
class Deal(Record):
    """A deal."""

    is_template: bool = False
    has_lost_history: bool = False  # born before the CRM kept stage history: nothing of it can be read
    history_ends_at: datetime | None = None  # from then on an integration moved it, past Bitrix24's history


@dataclass
class Lead(Record):
    """A lead; deals that came out of it name it in their `lead`."""


@dataclass
class Contact(Record):
    """A person outside the company."""


@dataclass
class Company(Record):
    """A client company; `is_own` is the seller itself, which CRMs list among the companies."""

    is_own: bool = False


@dataclass
class Activity(Record):
    """A call, meeting, e-mail, task or note; `is_inbound` is None where a direction means nothing.

    Tasks with `has_task_card` exist twice in Bitrix24: as a task, and as the activity that shows it.
    """

    type: ActivityType = ActivityType.CALL
    is_inbound: bool | None = None
    has_task_card: bool = True
    written_deadline: str | None = None  # a due date too far off for a date: HubSpot keeps what was written


class WorldLock:
    """Keeps readers out while a day passes; a copy of a world gets a lock of its own."""

    def __init__(self) -> None:
        self._lock = RLock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *details: object) -> None:
        self._lock.release()

    def __deepcopy__(self, memo: dict[int, Any]) -> WorldLock:
        return WorldLock()

    def __reduce__(self) -> tuple[type[WorldLock], tuple[()]]:
        return WorldLock, ()


@dataclass
class World:
    """One company at `now`; `start` is when its records begin. `version` grows with every advance."""

    seed: int
    size: float
    start: datetime
    now: datetime
    base_currency: str
    timezone: str
    departments: list[Department]
    employees: list[Employee]
    pipelines: list[Pipeline]
    rates: list[Rate]
    custom_fields: list[CustomField]
    deals: list[Deal]
    lead_stages: list[LeadStage] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    version: int = 0
    lock: WorldLock = field(default_factory=WorldLock, repr=False, compare=False)

    def advance(self, days: int) -> None:
        """Let `days` days of work happen."""
        from simulator.world_days import advance  # noqa: PLC0415  the days are built on this module

        advance(self, days)
