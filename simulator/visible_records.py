"""What a connector can have seen of a portal; fields name the section of the fact sheets they are in."""

# ruff: noqa: RUF009  `seen` is `field` with the metadata that the coverage page is made of
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
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
    probability: Decimal | None = seen(bitrix24=None, hubspot="2.5")


@dataclass(frozen=True)
class VisiblePipeline:
    """A pipeline as the dictionary of one capture showed it."""

    native_id: str = seen(bitrix24="2.5", hubspot="2.5")
    name: str = seen(bitrix24="2.5", hubspot="2.5")
    stages: tuple[VisibleStage, ...] = seen(bitrix24="2.5", hubspot="2.5")


@dataclass(frozen=True)
class VisibleEmployee:
    """Somebody who can own records; who has left is listed too. The first department is the primary one."""

    native_id: str = seen(bitrix24="2.7", hubspot="2.6")
    name: str = seen(bitrix24="2.7", hubspot="2.6")
    department_id: str | None = seen(bitrix24="2.7", hubspot="2.6")
    is_active: bool = seen(bitrix24="2.7", hubspot="2.6")


@dataclass(frozen=True)
class VisibleDepartment:
    """A department, or a team."""

    native_id: str = seen(bitrix24="2.7", hubspot="2.6")
    name: str = seen(bitrix24="2.7", hubspot="2.6")


@dataclass(frozen=True)
class VisibleSource:
    """An entry of the dictionary of sources."""

    native_id: str = seen(bitrix24="2.6", hubspot="2.3")
    name: str = seen(bitrix24="2.6", hubspot="2.3")


@dataclass(frozen=True)
class Links:
    """What a record names: ids of the survivors of merges, the primary one first."""

    companies: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()


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
    source_id: str | None = seen(bitrix24="2.3", hubspot="2.3")
    utm: tuple[str | None, ...] = seen(bitrix24="2.3", hubspot="2.11")
    is_repeat_in_crm: bool | None = seen(bitrix24="2.3", hubspot="2.2")
    links: Links = seen(bitrix24="2.3", hubspot="2.10")
    loss_reason: str | None = seen(bitrix24="2.12", hubspot="2.2")
    competitor: str | None = seen(bitrix24="2.12", hubspot="2.11")
    merged_ids: tuple[str, ...] = seen(bitrix24=None, hubspot="6")


@dataclass(frozen=True)
class VisibleLead:
    """One version of a lead. `utm` holds source, medium, campaign, content and term."""

    native_id: str = seen(bitrix24="2.2", hubspot="2.1")
    title: str | None = seen(bitrix24="2.2", hubspot="2.4")
    pipeline_id: str = seen(bitrix24="2.2", hubspot="2.4")
    stage_id: str = seen(bitrix24="2.2", hubspot="2.4")
    stage_kind: StageKind = seen(bitrix24="2.2", hubspot="2.4")
    owner_id: str | None = seen(bitrix24="2.2", hubspot="2.4")
    amount: Decimal | None = seen(bitrix24="2.2", hubspot=None)
    currency: str | None = seen(bitrix24="2.2", hubspot=None)
    close_date: date | datetime | None = seen(bitrix24="2.2", hubspot=None)
    created_at: datetime = seen(bitrix24="2.2", hubspot="2.4")
    modified_at: datetime = seen(bitrix24="2.2", hubspot="2.4")
    moved_at: datetime | None = seen(bitrix24="2.2", hubspot=None)
    source_id: str | None = seen(bitrix24="2.2", hubspot="2.4")
    utm: tuple[str | None, ...] = seen(bitrix24="2.2", hubspot="2.11")
    is_repeat_in_crm: bool | None = seen(bitrix24="2.2", hubspot=None)
    links: Links = seen(bitrix24="2.2", hubspot="2.10")
    loss_note: str | None = seen(bitrix24="2.2", hubspot="2.4")

    @property
    def is_template(self) -> bool:
        """Leads do not recur."""
        return False

    @property
    def probability(self) -> Decimal | None:
        """Nobody tells one of a lead."""
        return None


@dataclass(frozen=True)
class VisibleClient:
    """A contact or a company. `place` holds country, region and city."""

    native_id: str = seen(bitrix24="2.4", hubspot="2.3")
    name: str | None = seen(bitrix24="2.4", hubspot="2.3")
    source_id: str | None = seen(bitrix24="2.4", hubspot="2.3")
    is_own: bool = seen(bitrix24="2.4", hubspot=None)
    place: tuple[str | None, str | None, str | None] = seen(bitrix24="4", hubspot="2.3")


@dataclass(frozen=True)
class VisibleActivity:
    """An act on records; `done_at` is None while it is planned, and where nobody tells it."""

    native_id: str = seen(bitrix24="2.8", hubspot="2.1")
    record_type: str = seen(bitrix24="2.8", hubspot="2.1")
    type: str = seen(bitrix24="2.8", hubspot="2.7")
    subject: str | None = seen(bitrix24="2.8", hubspot="2.7")
    direction: str | None = seen(bitrix24="2.8", hubspot="2.7")
    employee_id: str | None = seen(bitrix24="2.8", hubspot="2.7")
    modified_at: datetime = seen(bitrix24="2.8", hubspot="2.7")
    deadline_at: datetime | None = seen(bitrix24="2.8", hubspot="2.7")
    record_path: str | None = seen(bitrix24="9", hubspot="9")
    is_completed: bool = seen(bitrix24="2.8", hubspot="2.7")
    done_at: datetime | None = seen(bitrix24="2.8", hubspot="2.7")
    duration_seconds: int | None = seen(bitrix24="2.8", hubspot="2.7")
    bindings: tuple[tuple[str, str], ...] = seen(bitrix24="2.8", hubspot="2.10")
    primary: tuple[str, str] | None = seen(bitrix24="2.8", hubspot="2.10")
    unreadable: tuple[str, ...] = seen(bitrix24=None, hubspot="2.7")


@dataclass(frozen=True)
class VisibleStageRow:
    """An entry into a stage; `order` settles rows of one instant."""

    record_type: str = seen(bitrix24="3", hubspot=None)
    record_id: str = seen(bitrix24="3", hubspot=None)
    order: int = seen(bitrix24="3", hubspot=None)
    entered_at: datetime = seen(bitrix24="3", hubspot=None)
    pipeline_id: str = seen(bitrix24="3", hubspot=None)
    stage_id: str = seen(bitrix24="3", hubspot=None)
    stage_kind: StageKind = seen(bitrix24="3", hubspot=None)


@dataclass(frozen=True)
class VisiblePropertyRow:
    """A property was set to `value` (a text, as the CRM writes it); `order` settles rows of one instant."""

    record_type: str = seen(bitrix24=None, hubspot="3")
    record_id: str = seen(bitrix24=None, hubspot="3")
    order: int = seen(bitrix24=None, hubspot="3")
    property: str = seen(bitrix24=None, hubspot="3")
    set_at: datetime = seen(bitrix24=None, hubspot="3")
    value: str | None = seen(bitrix24=None, hubspot="3")


@dataclass(frozen=True)
class VisibleDeletion:
    """A record is gone: since `deleted_at`, or since some time before it where the CRM does not tell.

    One that came back did so at `restored_at`.
    """

    deleted_at: datetime = seen(bitrix24="6", hubspot="6")
    is_estimated: bool = seen(bitrix24="6", hubspot="6")
    restored_at: datetime | None = seen(bitrix24="6", hubspot="6")


@dataclass
class Capture:
    """Everything one full cycle found, `at` its moment; records by native id, activities by type and id."""

    at: datetime
    deals: dict[str, VisibleDeal]
    pipelines: tuple[VisiblePipeline, ...]
    employees: tuple[VisibleEmployee, ...]
    lead_pipelines: tuple[VisiblePipeline, ...] = ()
    departments: tuple[VisibleDepartment, ...] = ()
    sources: tuple[VisibleSource, ...] = ()
    leads: dict[str, VisibleLead] = field(default_factory=dict)
    contacts: dict[str, VisibleClient] = field(default_factory=dict)
    companies: dict[str, VisibleClient] = field(default_factory=dict)
    activities: dict[str, VisibleActivity] = field(default_factory=dict)


@dataclass
class VisiblePortal:
    """All that was seen of one portal: its captures, and what is kept once seen.

    `deletions` holds, by type and native id, every time that a deal or lead was gone, in order.
    """

    crm: str = seen(bitrix24="0", hubspot="0")
    record_paths: Mapping[str, str] = seen(bitrix24="9", hubspot="9")
    base_currency: str = seen(bitrix24="2.6", hubspot="2.11")
    captures: list[Capture] = field(default_factory=list)
    rates: set[VisibleRate] = field(default_factory=set)
    stage_rows: set[VisibleStageRow] = field(default_factory=set)
    property_rows: set[VisiblePropertyRow] = field(default_factory=set)
    deletions: dict[tuple[str, str], list[VisibleDeletion]] = field(default_factory=dict)

    def deletion(self, record_type: str, native_id: str) -> VisibleDeletion | None:
        """Since when a record is gone; None if it exists."""
        known = self.deletions.get((record_type, native_id))
        return known[-1] if known and known[-1].restored_at is None else None

    def deals_seen(self) -> dict[str, VisibleDeal]:
        """Every deal as it was seen last."""
        return {native_id: deal for capture in self.captures for native_id, deal in capture.deals.items()}

    def leads_seen(self) -> dict[str, VisibleLead]:
        """Every lead as it was seen last."""
        return {native_id: lead for capture in self.captures for native_id, lead in capture.leads.items()}
