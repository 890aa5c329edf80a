"""What a connector can know of a world after full cycles, as a CRM's fact sheet says it can be seen.

Written from the fact sheets and not from the portals, so that either can show the other wrong.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

from simulator.model import Record
from simulator.visible_bitrix24 import Bitrix24View
from simulator.visible_hubspot import HubspotView
from simulator.visible_records import (
    Capture,
    Links,
    VisibleDeal,
    VisibleDeletion,
    VisibleLead,
    VisiblePortal,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from simulator.model import Activity, Company, Contact, Deal, Lead, World
    from simulator.visible_records import (
        VisibleActivity,
        VisibleClient,
        VisibleDepartment,
        VisibleEmployee,
        VisiblePipeline,
        VisibleSource,
    )

R = TypeVar("R", bound=Record)
S = TypeVar("S", VisibleDeal, VisibleLead)


class View(Protocol):
    """How one CRM shows a world at a moment."""

    record_paths: ClassVar[Mapping[str, str]]
    tells_deletion_time: bool
    recycle_bin: timedelta  # how long what was deleted can still be read, with its history
    has_templates: bool

    def __init__(self, world: World) -> None: ...

    def pipelines(self, moment: datetime) -> tuple[VisiblePipeline, ...]:
        """The dictionary of pipelines and stages."""

    def lead_pipelines(self) -> tuple[VisiblePipeline, ...]:
        """The same of leads."""

    def employees(self, moment: datetime) -> tuple[VisibleEmployee, ...]:
        """Everybody, those who left too."""

    def departments(self) -> tuple[VisibleDepartment, ...]:
        """Where they work."""

    def sources(self) -> tuple[VisibleSource, ...]:
        """Where enquiries come from."""

    def deal(self, deal: Deal, moment: datetime) -> VisibleDeal:
        """A deal as it is at that moment."""

    def lead(self, lead: Lead, moment: datetime) -> VisibleLead:
        """A lead as it is at that moment."""

    def client(self, record: Contact | Company, moment: datetime) -> VisibleClient | None:
        """A contact or company as it is at that moment; None if this CRM does not list it."""

    def activity(self, activity: Activity, moment: datetime) -> VisibleActivity | None:
        """An activity as it is at that moment; None if this CRM keeps no such thing as a record."""

    def keep(self, portal: VisiblePortal, alive: list[Deal], leads: list[Lead], moment: datetime) -> None:
        """Add the rates and the history that can be read at that moment to what is known already."""


VIEWS: dict[str, type[View]] = {"bitrix24": Bitrix24View, "hubspot": HubspotView}


def visible(world: World, crm: str, captures: list[datetime]) -> VisiblePortal:
    """The portal of `crm` as known after full cycles at `captures`, given in order of time."""
    view = VIEWS[crm](world)
    portal = VisiblePortal(crm=crm, record_paths=view.record_paths, base_currency=world.base_currency)
    owners: dict[tuple[str, str], Record] = {}
    for moment in captures:
        shown_deals = [deal for deal in world.deals if view.has_templates or not deal.is_template]
        deals, leads = _alive(shown_deals, moment), _alive(world.leads, moment)
        capture = _capture(world, view, deals, leads, moment)
        present = {("deal", key) for key in capture.deals} | {("lead", key) for key in capture.leads}
        gone_deals, gone_leads = _put_away(view, shown_deals, moment), _put_away(view, world.leads, moment)
        capture.deals |= _without_links([view.deal(deal, moment) for deal in gone_deals], portal.deals_seen())
        capture.leads |= _without_links([view.lead(lead, moment) for lead in gone_leads], portal.leads_seen())
        deals, leads = [*deals, *gone_deals], [*leads, *gone_leads]
        owners |= {("deal", view.deal(deal, moment).native_id): deal for deal in deals}
        owners |= {("lead", view.lead(lead, moment).native_id): lead for lead in leads}
        _note_absences(view, portal, capture, owners, present)
        portal.captures.append(capture)
        view.keep(portal, deals, leads, moment)
    return portal


def _capture(world: World, view: View, deals: list[Deal], leads: list[Lead], moment: datetime) -> Capture:
    activities = [view.activity(activity, moment) for activity in _alive(world.activities, moment)]
    contacts = [view.client(contact, moment) for contact in _alive(world.contacts, moment)]
    companies = [view.client(company, moment) for company in _alive(world.companies, moment)]
    return Capture(
        at=moment,
        deals={shown.native_id: shown for shown in (view.deal(deal, moment) for deal in deals)},
        pipelines=view.pipelines(moment),
        employees=view.employees(moment),
        lead_pipelines=view.lead_pipelines(),
        departments=view.departments(),
        sources=view.sources(),
        leads={shown.native_id: shown for shown in (view.lead(lead, moment) for lead in leads)},
        contacts={shown.native_id: shown for shown in contacts if shown},
        companies={shown.native_id: shown for shown in companies if shown},
        activities={f"{shown.record_type}:{shown.native_id}": shown for shown in activities if shown},
    )


def _alive(records: Iterable[R], moment: datetime) -> list[R]:
    return [record for record in records if record.exists_at(moment)]


def _put_away(view: View, records: Iterable[R], moment: datetime) -> list[R]:
    """What lies in the recycle bin and can be read there."""
    archived_at = [(record, _deleted_at(record, moment)) for record in records if record.created_at <= moment]
    return [record for record, at in archived_at if at is not None and moment - at < view.recycle_bin]


def _without_links(records: list[S], seen: Mapping[str, S]) -> dict[str, S]:
    """Associations of what is archived are not told: what was seen of them before stands."""
    links = {native_id: record.links for native_id, record in seen.items()}
    return {
        record.native_id: replace(record, links=links.get(record.native_id, Links())) for record in records
    }


def _note_absences(
    view: View,
    portal: VisiblePortal,
    capture: Capture,
    owners: dict[tuple[str, str], Record],
    present: set[tuple[str, str]],
) -> None:
    """Who was there and is not, and who is back."""
    for key, record in owners.items():
        is_known_to_be_gone = portal.deletion(*key) is not None
        if key in present and is_known_to_be_gone:
            last = portal.deletions[key].pop()
            back_at = _back_at(capture, key, last)
            portal.deletions[key].append(VisibleDeletion(last.deleted_at, last.is_estimated, back_at))
        if key not in present and not is_known_to_be_gone:
            told = _deleted_at(record, capture.at) if view.tells_deletion_time else None
            found = VisibleDeletion(told or capture.at, told is None, None)
            portal.deletions.setdefault(key, []).append(found)


def _back_at(capture: Capture, key: tuple[str, str], deletion: VisibleDeletion) -> datetime:
    """Its last change before it was seen again, which restoring it is; without one when it was seen."""
    shown = capture.deals[key[1]] if key[0] == "deal" else capture.leads[key[1]]
    return shown.modified_at if shown.modified_at > deletion.deleted_at else capture.at


def _deleted_at(record: Record, moment: datetime) -> datetime | None:
    """When it was put away; of an id that a merge has ended nobody tells that."""
    state = record.state_at(moment)
    if not state.get("is_deleted") or state.get("merged_into") is not None:
        return None
    return max(c.at for c in record.changes if c.name == "is_deleted" and c.value and c.at <= moment)
