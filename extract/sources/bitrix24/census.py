"""Deals and leads as the portal shows them now: a walk by key over the few fields that are compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from extract.core.census import as_text, census_page
from extract.core.clock import readable_time
from extract.core.errors import NotAvailableError, TerminalError
from extract.core.source import Census
from extract.sources.bitrix24.api import is_yes
from extract.sources.bitrix24.dates import LONG_AGO, accepted_format, since_day
from extract.sources.bitrix24.items import DEAL, LEAD, METHOD
from extract.sources.bitrix24.leads import has_no_leads
from extract.sources.bitrix24.records import OVERLAP
from extract.sources.bitrix24.walks import KeyedList, KeyWalk

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from extract.core.http import Requester
    from extract.core.settings import Connection
    from extract.core.source import Portal
    from extract.sources.bitrix24.api import BitrixPortal

FIELDS = ("id", "stageId", "assignedById", "opportunity", "currencyId", "updatedTime")
LEAD_PIPELINE = "main"  # leads have none


@dataclass(frozen=True)
class _Items:
    """A kind of items: how to read the few fields of them."""

    entity: str
    entity_type: int
    more_fields: tuple[str, ...] = ()

    @property
    def listed(self) -> KeyedList:
        select = [*FIELDS, *self.more_fields]
        params = {"entityTypeId": self.entity_type, "select": select}
        return KeyedList(METHOD, "id", params, proof="updatedTime")

    def read(self, portal: Portal, connection: Connection) -> Iterator[pa.Table]:
        bitrix, requester = cast("BitrixPortal", portal), portal.requester()
        listed = replace(self.listed, filter=self._started(bitrix, requester, connection))
        for items in KeyWalk(bitrix, requester, listed).chains():
            yield census_page(self._row(item) for item in items if not is_yes(item.get("isRecurring")))

    def _started(self, portal: BitrixPortal, requester: Requester, connection: Connection) -> dict[str, str]:
        if connection.start_date is None:
            return {}
        accepted = accepted_format(portal, requester, portal.server_time(), self.listed, "updatedTime")
        where = f"connection {connection.name!r}, {self.entity}"
        return {">=createdTime": since_day(connection.start_date, accepted, where)}

    def _row(self, item: dict[str, Any]) -> dict[str, Any]:
        is_deal = self.entity_type == DEAL
        return {
            "native_id": str(item["id"]),
            # 0 is the default pipeline
            "pipeline_id": str(item.get("categoryId") or 0) if is_deal else LEAD_PIPELINE,
            "stage_id": item.get("stageId"),
            "owner_id": as_text(item.get("assignedById") or None),  # 0 is nobody
            "amount": as_text(item.get("opportunity")),
            "currency": item.get("currencyId"),
            "modified_at": readable_time(item["updatedTime"]) or LONG_AGO,  # not newer than what is landed
            "merged_ids": [],  # Bitrix24 tells no merges
        }


def _read_leads(portal: Portal, connection: Connection) -> Iterator[pa.Table]:
    try:
        yield from LEADS.read(portal, connection)
    except TerminalError as error:
        if not has_no_leads(cast("BitrixPortal", portal), portal.requester()):
            raise
        raise NotAvailableError(error.what, error.where, error.next_step) from None


DEALS = _Items("deals", DEAL, ("categoryId", "isRecurring"))
LEADS = _Items("leads", LEAD)
CENSUSES = (
    Census("deals", "deal", DEALS.read, OVERLAP),
    Census("leads", "lead", _read_leads, OVERLAP),
)
