"""The deals as the account shows them now: the list, with the few properties that reconciliation compares.

Not the search, whose index lags behind, nor `batch/read`, which would ask for each deal a second time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from extract.core.census import census_page
from extract.core.source import Census
from extract.sources.hubspot.listing import RANGES, WHOLE, Listing
from extract.sources.hubspot.reader import LOOKBACK
from extract.sources.hubspot.records import is_wanted, merged_ids, modified_at
from extract.sources.hubspot.types import DEALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from extract.core.settings import Connection
    from extract.core.source import Portal
    from extract.sources.hubspot.records import Record

PROPERTIES = (
    "createdate",
    "pipeline",
    "dealstage",
    "hubspot_owner_id",
    "amount",
    "deal_currency_code",
    "hs_lastmodifieddate",
    "hs_merged_object_ids",
)


def _read(portal: Portal, connection: Connection) -> Iterator[pa.Table]:
    workers = ThreadPoolExecutor(RANGES, thread_name_prefix=f"{connection.name}-census")
    try:
        for records in Listing(portal.requester(), DEALS, workers, [WHOLE], PROPERTIES).pages():
            wanted = (record for record in records if is_wanted(record, DEALS, connection.start_date))
            yield census_page(_row(record) for record in wanted)
    finally:
        workers.shutdown(cancel_futures=True)


def _row(record: Record) -> dict[str, Any]:
    properties = record["properties"]
    return {
        "native_id": str(record["id"]),
        "pipeline_id": properties.get("pipeline"),
        "stage_id": properties.get("dealstage"),
        "owner_id": properties.get("hubspot_owner_id"),
        "amount": properties.get("amount"),
        "currency": properties.get("deal_currency_code"),
        "modified_at": modified_at(record, DEALS),
        "merged_ids": merged_ids([record]),
    }


CENSUS = Census(_read, LOOKBACK)
