"""The deals as the portal shows them now: a walk by key over the few fields that reconciliation compares."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from extract.core.census import as_text, census_page
from extract.core.clock import readable_time
from extract.core.source import Census
from extract.sources.bitrix24.api import is_yes
from extract.sources.bitrix24.dates import LONG_AGO, accepted_format, since_day
from extract.sources.bitrix24.items import DEAL
from extract.sources.bitrix24.records import OVERLAP
from extract.sources.bitrix24.walks import KeyedList, KeyWalk

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from extract.core.http import Requester
    from extract.core.settings import Connection
    from extract.core.source import Portal
    from extract.sources.bitrix24.api import BitrixPortal

FIELDS = (
    "id",
    "categoryId",
    "stageId",
    "assignedById",
    "opportunity",
    "currencyId",
    "updatedTime",
    "isRecurring",
)
DEALS = KeyedList("crm.item.list", "id", {"entityTypeId": DEAL, "select": list(FIELDS)}, proof="updatedTime")


def _read(portal: Portal, connection: Connection) -> Iterator[pa.Table]:
    bitrix, requester = cast("BitrixPortal", portal), portal.requester()
    listed = replace(DEALS, filter=_started(bitrix, requester, connection))
    for items in KeyWalk(bitrix, requester, listed).chains():
        yield census_page(_row(item) for item in items if not is_yes(item.get("isRecurring")))


def _started(portal: BitrixPortal, requester: Requester, connection: Connection) -> dict[str, str]:
    if connection.start_date is None:
        return {}
    accepted = accepted_format(portal, requester, portal.server_time(), DEALS, "updatedTime")
    where = f"connection {connection.name!r}, deals"
    return {">=createdTime": since_day(connection.start_date, accepted, where)}


def _row(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "native_id": str(item["id"]),
        "pipeline_id": str(item.get("categoryId") or 0),  # the default pipeline
        "stage_id": item.get("stageId"),
        "owner_id": as_text(item.get("assignedById") or None),  # 0 is nobody
        "amount": as_text(item.get("opportunity")),
        "currency": item.get("currencyId"),
        "modified_at": readable_time(item["updatedTime"]) or LONG_AGO,  # not newer than what is landed
        "merged_ids": [],  # Bitrix24 tells no merges
    }


CENSUS = Census(_read, OVERLAP)
