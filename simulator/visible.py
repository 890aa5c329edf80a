"""What a connector can know of a world after full cycles, as a CRM's fact sheet says it can be seen.

Written from the fact sheets and not from the portals, so that either can show the other wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from simulator.visible_bitrix24 import Bitrix24View
from simulator.visible_hubspot import HubspotView
from simulator.visible_records import Capture, VisibleDeal, VisibleDeletion, VisiblePortal

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.model import Deal, World
    from simulator.visible_records import VisibleEmployee, VisiblePipeline


class View(Protocol):
    """How one CRM shows a world at a moment."""

    record_path: str
    tells_deletion_time: bool
    has_templates: bool

    def __init__(self, world: World) -> None: ...

    def pipelines(self, moment: datetime) -> tuple[VisiblePipeline, ...]:
        """The dictionary of pipelines and stages."""

    def employees(self, moment: datetime) -> tuple[VisibleEmployee, ...]:
        """Everybody, those who left too."""

    def deal(self, deal: Deal, moment: datetime) -> VisibleDeal:
        """A deal as it is at that moment."""

    def keep(self, portal: VisiblePortal, alive: list[Deal], moment: datetime) -> None:
        """Add the rates and the history that can be read at that moment to what is known already."""


VIEWS: dict[str, type[View]] = {"bitrix24": Bitrix24View, "hubspot": HubspotView}


def visible(world: World, crm: str, captures: list[datetime]) -> VisiblePortal:
    """The portal of `crm` as known after full cycles at `captures`, given in order of time."""
    view = VIEWS[crm](world)
    portal = VisiblePortal(crm=crm, record_path=view.record_path, base_currency=world.base_currency)
    for moment in captures:
        shown_deals = [deal for deal in world.deals if view.has_templates or not deal.is_template]
        alive = [deal for deal in shown_deals if _exists(deal, moment)]
        capture = Capture(
            at=moment,
            deals={shown.native_id: shown for shown in (view.deal(deal, moment) for deal in alive)},
            pipelines=view.pipelines(moment),
            employees=view.employees(moment),
        )
        _note_deletions(world, view, portal, capture)
        portal.captures.append(capture)
        view.keep(portal, alive, moment)
    return portal


def _exists(deal: Deal, moment: datetime) -> bool:
    return deal.created_at <= moment and not deal.state_at(moment).get("is_deleted", False)


def _note_deletions(world: World, view: View, portal: VisiblePortal, capture: Capture) -> None:
    known = {native_id for earlier in portal.captures for native_id in earlier.deals}
    gone = known - capture.deals.keys()
    portal.deletions = {key: found for key, found in portal.deletions.items() if key in gone}
    numbers = {
        view.deal(deal, capture.at).native_id: deal for deal in world.deals if deal.created_at <= capture.at
    }
    for native_id in gone - portal.deletions.keys():
        told = _deleted_at(numbers[native_id], capture.at) if view.tells_deletion_time else None
        portal.deletions[native_id] = VisibleDeletion(native_id, told or capture.at, told is None)


def _deleted_at(deal: Deal, moment: datetime) -> datetime:
    return max(c.at for c in deal.changes if c.name == "is_deleted" and c.value and c.at <= moment)
