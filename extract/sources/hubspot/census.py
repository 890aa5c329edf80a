"""Deals and leads as the account shows them now: the list, with the few properties that are compared.

Not the search, whose index lags behind, nor `batch/read`, which would ask for each record a second time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extract.core.census import census_page
from extract.core.source import Census
from extract.sources.hubspot.listing import RANGES, WHOLE, Listing
from extract.sources.hubspot.reader import LOOKBACK
from extract.sources.hubspot.records import is_wanted, merged_ids, modified_at
from extract.sources.hubspot.types import (
    CONTACTS,
    CONTACTS_AS_LEADS,
    DEALS,
    LEADS,
    MERGED_PROPERTIES,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from extract.core.settings import Connection
    from extract.core.source import Portal
    from extract.sources.hubspot.records import Record
    from extract.sources.hubspot.types import ObjectType

OWNER = "hubspot_owner_id"
LEAD_PIPELINE = "main"  # of leads that are contacts
LEAD_STAGES = {"lifecyclestage": "lifecyclestage", "lead_status": "hs_lead_status"}


@dataclass(frozen=True)
class _Objects:
    """Objects of a type, and the properties that tell where they stand and what they are worth."""

    type: ObjectType
    stage: str
    pipeline: str = ""
    amount: str = ""
    currency: str = ""

    def read(self, portal: Portal, connection: Connection) -> Iterator[pa.Table]:
        workers = ThreadPoolExecutor(RANGES, thread_name_prefix=f"{connection.name}-census")
        start = self.type.start_of(connection)
        try:
            for records in Listing(portal.requester(), self.type, workers, [WHOLE], self._asked()).pages():
                wanted = (record for record in records if is_wanted(record, self.type, start))
                yield census_page(self._row(record) for record in wanted)
        finally:
            workers.shutdown(cancel_futures=True)

    def _asked(self) -> list[str]:
        named = (self.pipeline, self.stage, self.amount, self.currency)
        merged = self.type.always.intersection(MERGED_PROPERTIES)
        return sorted({self.type.created, self.type.modified, OWNER, *merged, *filter(None, named)})

    def _row(self, record: Record) -> dict[str, Any]:
        properties = record["properties"]
        return {
            "native_id": str(record["id"]),
            "pipeline_id": properties.get(self.pipeline) if self.pipeline else LEAD_PIPELINE,
            "stage_id": properties.get(self.stage),
            "owner_id": properties.get(OWNER),
            "amount": properties.get(self.amount),
            "currency": properties.get(self.currency),
            "modified_at": modified_at(record, self.type),
            "merged_ids": merged_ids([record]),
        }


def _read_contacts(portal: Portal, connection: Connection) -> Iterator[pa.Table]:
    """All contacts of an account that keeps its leads as such: who shows no stage may have lost it."""
    stage = LEAD_STAGES[connection.mappings.leads_from or ""]
    return _Objects(CONTACTS, stage).read(portal, connection)


def _has_contacts_as_leads(connection: Connection) -> bool:
    return connection.mappings.leads_from in CONTACTS_AS_LEADS


CENSUSES = (
    Census(
        "deals",
        "deal",
        _Objects(DEALS, "dealstage", "pipeline", "amount", "deal_currency_code").read,
        LOOKBACK,
    ),
    Census(
        "leads",
        "lead",
        _Objects(LEADS, "hs_pipeline_stage", "hs_pipeline").read,
        LOOKBACK,
        is_for=LEADS.is_read_from,
        has_amounts=False,
    ),
    Census(
        "leads",
        "lead",
        _read_contacts,
        LOOKBACK,
        read_from=CONTACTS.name,
        is_for=_has_contacts_as_leads,
        has_amounts=False,
        has_lasting_stages=True,
        is_of_any_age=True,
    ),
)
