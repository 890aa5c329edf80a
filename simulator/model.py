"""The facts of one simulated company, free of any CRM's dialect.

Every deal is a list of dated changes, so that its state at any past moment can be worked out. Nothing here
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


@dataclass(frozen=True, slots=True)
class Change:
    """At `at`, employee `by` set `name` to `value`.

    Names: title, stage (pipeline and stage number), amount, currency, owner, expected_close_date,
    closed_at, probability (percent), is_deleted, and custom:<field number>. An enumeration's value is the
    code of an option, or a tuple of codes. A stage may be set to what it already is (a re-save). Of two
    changes at one instant the later in the list is the later one.
    """

    at: datetime
    name: str
    value: FieldValue | tuple[int, int]
    by: int


@dataclass
class Deal:
    """A deal: its number, its birth, and every change in order of time (those of its birth included)."""

    number: int
    created_at: datetime
    created_by: int
    changes: list[Change] = field(default_factory=list)
    is_template: bool = False
    has_lost_history: bool = False  # born before the CRM kept stage history: nothing of it can be read

    def state_at(self, moment: datetime) -> dict[str, FieldValue | tuple[int, int]]:
        """The value of every field at `moment`; empty before the deal's birth."""
        return {change.name: change.value for change in self.changes if change.at <= moment}

    def modified_at(self, moment: datetime) -> datetime:
        """When it was last changed, as seen at `moment`."""
        return max((change.at for change in self.changes if change.at <= moment), default=self.created_at)


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
    version: int = 0
    lock: WorldLock = field(default_factory=WorldLock, repr=False, compare=False)

    def advance(self, days: int) -> None:
        """Let `days` days of work happen."""
        from simulator.world_days import advance  # noqa: PLC0415  the days are built on this module

        advance(self, days)
