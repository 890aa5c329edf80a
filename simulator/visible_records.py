"""What a connector can have seen of a portal; fields name the section of the fact sheets they are in."""

# ruff: noqa: RUF009  `seen` is `field` with the metadata that the coverage page is made of
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from simulator.model import StageKind


def seen(*, bitrix24: str | None, hubspot: str | None) -> Any:
    """A field with the section of each CRM's fact sheet it is seen through; None: not told there."""
    return field(metadata={"bitrix24": bitrix24, "hubspot": hubspot})


@dataclass(frozen=True)
class VisibleStage:
    """A stage as the dictionary of one capture showed it."""

    native_id: str = seen(bitrix24="2.5", hubspot="2.5")
    name: str = seen(bitrix24="2.5", hubspot="2.5")
    sort: int = seen(bitrix24="2.5", hubspot="2.5")
    kind: StageKind = seen(bitrix24="2.5", hubspot="2.5")


@dataclass(frozen=True)
class VisiblePipeline:
    """A pipeline as the dictionary of one capture showed it."""

    native_id: str = seen(bitrix24="2.5", hubspot="2.5")
    name: str = seen(bitrix24="2.5", hubspot="2.5")
    stages: tuple[VisibleStage, ...] = seen(bitrix24="2.5", hubspot="2.5")


@dataclass(frozen=True)
class VisibleEmployee:
    """Somebody who can own deals; who has left is listed too."""

    native_id: str = seen(bitrix24="2.7", hubspot="2.6")
    name: str = seen(bitrix24="2.7", hubspot="2.6")


@dataclass(frozen=True)
class VisibleRate:
    """One unit of `currency` costs `rate` units of the base currency from the day of `valid_from` on."""

    currency: str = seen(bitrix24="2.6", hubspot="2.11")
    valid_from: datetime = seen(bitrix24="2.6", hubspot="2.11")
    rate: Decimal = seen(bitrix24="2.6", hubspot="2.11")


@dataclass(frozen=True)
class VisibleDeal:
    """One version of a deal. `close_date` is a date where people type one, else an instant."""

    native_id: str = seen(bitrix24="2.3", hubspot="2.1")
    title: str | None = seen(bitrix24="2.3", hubspot="2.2")
    pipeline_id: str = seen(bitrix24="2.3", hubspot="2.2")
    stage_id: str = seen(bitrix24="2.3", hubspot="2.2")
    stage_kind: StageKind = seen(bitrix24="2.3", hubspot="2.2")
    owner_id: str | None = seen(bitrix24="2.3", hubspot="2.2")
    amount: Decimal | None = seen(bitrix24="2.3", hubspot="2.2")
    currency: str | None = seen(bitrix24="2.3", hubspot="2.2")
    probability: Decimal | None = seen(bitrix24="2.3", hubspot="2.2")
    close_date: date | datetime | None = seen(bitrix24="2.3", hubspot="2.2")
    created_at: datetime = seen(bitrix24="2.3", hubspot="2.2")
    modified_at: datetime = seen(bitrix24="2.3", hubspot="2.2")
    moved_at: datetime | None = seen(bitrix24="2.3", hubspot=None)
    is_template: bool = seen(bitrix24="2.3", hubspot=None)


@dataclass(frozen=True)
class VisibleStageRow:
    """An entry into a stage; `order` settles rows of one instant."""

    deal_id: str = seen(bitrix24="3", hubspot=None)
    order: int = seen(bitrix24="3", hubspot=None)
    entered_at: datetime = seen(bitrix24="3", hubspot=None)
    pipeline_id: str = seen(bitrix24="3", hubspot=None)
    stage_id: str = seen(bitrix24="3", hubspot=None)
    stage_kind: StageKind = seen(bitrix24="3", hubspot=None)


@dataclass(frozen=True)
class VisiblePropertyRow:
    """A property was set to `value` (a text, as the CRM writes it); `order` settles rows of one instant."""

    deal_id: str = seen(bitrix24=None, hubspot="3")
    order: int = seen(bitrix24=None, hubspot="3")
    property: str = seen(bitrix24=None, hubspot="3")
    set_at: datetime = seen(bitrix24=None, hubspot="3")
    value: str | None = seen(bitrix24=None, hubspot="3")


@dataclass(frozen=True)
class VisibleDeletion:
    """A deal is gone: since `deleted_at`, or since some time before it where the CRM does not tell."""

    deal_id: str = seen(bitrix24="6", hubspot="6")
    deleted_at: datetime = seen(bitrix24="6", hubspot="6")
    is_estimated: bool = seen(bitrix24="6", hubspot="6")


@dataclass
class Capture:
    """Everything one full cycle found, `at` its moment."""

    at: datetime
    deals: dict[str, VisibleDeal]
    pipelines: tuple[VisiblePipeline, ...]
    employees: tuple[VisibleEmployee, ...]


@dataclass
class VisiblePortal:
    """All that was seen of one portal: its captures, and what is kept once seen."""

    crm: str = seen(bitrix24="0", hubspot="0")
    record_path: str = seen(bitrix24="9", hubspot="9")
    base_currency: str = seen(bitrix24="2.6", hubspot="2.11")
    captures: list[Capture] = field(default_factory=list)
    rates: set[VisibleRate] = field(default_factory=set)
    stage_rows: set[VisibleStageRow] = field(default_factory=set)
    property_rows: set[VisiblePropertyRow] = field(default_factory=set)
    deletions: dict[str, VisibleDeletion] = field(default_factory=dict)
