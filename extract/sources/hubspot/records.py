"""Deals with their property history, read by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract.core.clock import parse_time
from extract.core.http import Request
from extract.sources.hubspot.api import VERSION, get

if TYPE_CHECKING:
    from datetime import date, datetime

    import pyarrow as pa

    from extract.core.http import Requester
    from extract.core.source import Reading

BATCH = 50  # with history; 100 without
HISTORY_PROPERTIES = (
    "dealstage",
    "pipeline",
    "amount",
    "closedate",
    "hubspot_owner_id",
    "deal_currency_code",
)
# Calculated, and needed: the state of the deal as HubSpot itself sees it.
CALCULATED_PROPERTIES = frozenset(
    {
        "hs_object_id",
        "createdate",
        "hs_createdate",
        "hs_lastmodifieddate",
        "hs_is_closed",
        "hs_is_closed_won",
        "hs_is_closed_lost",
        "hs_deal_stage_probability",
        "hs_merged_object_ids",
        "hs_exchange_rate",
        "amount_in_home_currency",
        "hs_closed_amount",
        "hs_projected_amount",
        "hs_forecast_amount",
        "hs_v2_date_entered_current_stage",
        "days_to_close",
    }
)
LEFT_OUT = frozenset({"propertiesWithHistory", "associations"})

Record = dict[str, Any]


def property_names(requester: Requester) -> list[str]:
    """The properties to ask for: all that are not calculated, and the calculated ones that are needed."""
    path = f"crm/properties/{VERSION}/deals"
    definitions = get(requester, path, "properties of deals", {"archived": "false"}).get("results", [])
    return sorted(
        definition["name"]
        for definition in definitions
        if not definition.get("calculated") or definition["name"] in CALCULATED_PROPERTIES
    )


def read_deals(requester: Requester, ids: list[str], properties: list[str]) -> list[Record]:
    """The deals with these ids that exist, with their history.

    An id that is neither answered nor named as missing is asked for again: the reply belonged to another
    request, or the deal was merged away and its survivor came in its place.
    """
    found: dict[str, Record] = {}
    missing: set[str] = set()
    open_ids = list(ids)
    for _ in range(3):
        body = {
            "inputs": [{"id": native_id} for native_id in open_ids],
            "properties": properties,
            "propertiesWithHistory": list(HISTORY_PROPERTIES),
        }
        path = f"crm/objects/{VERSION}/deals/batch/read"
        reply = requester.send(
            Request("POST", path, "batch of deals", params={"archived": "false"}, body=body)
        ).body
        found |= {record["id"]: record for record in reply.get("results", [])}
        missing |= _missing(reply)
        open_ids = [
            native_id for native_id in open_ids if native_id not in found and native_id not in missing
        ]
        if not open_ids:
            break
    return list(found.values())


def _missing(reply: dict[str, Any]) -> set[str]:
    errors = [error for error in reply.get("errors") or [] if error.get("category") == "OBJECT_NOT_FOUND"]
    return {str(native_id) for error in errors for native_id in error.get("context", {}).get("ids", [])}


def pages_of(reading: Reading, records: list[Record]) -> dict[str, pa.Table]:
    """The lake pages of deals and of their history."""
    events = [event for record in records for event in history_events(record)]
    deals = [{name: value for name, value in record.items() if name not in LEFT_OUT} for record in records]
    return {
        "deals": reading.page(
            [record["id"] for record in records], [modified_at(record) for record in records], deals
        ),
        "deal_property_history": reading.page(
            [event[0] for event in events],
            [parse_time(event[1]["timestamp"]) for event in events],
            [event[1] for event in events],
        ),
    }


def history_events(record: Record) -> list[tuple[str, Record]]:
    """The versions of a deal's properties with ids that stay the same from one reading to the next."""
    events = []
    for name, versions in (record.get("propertiesWithHistory") or {}).items():
        counts: dict[str, int] = {}
        # Newest first as they come; of the same instant, the one further back is older.
        for version in reversed(versions):
            stem = f"{record['id']}:{name}:{version['timestamp']}"
            counts[stem] = counts.get(stem, 0) + 1
            event_id = stem if counts[stem] == 1 else f"{stem}:{counts[stem]}"
            events.append((event_id, {"dealId": record["id"], "property": name, **version}))
    return events


def modified_at(record: Record) -> datetime:
    """When a deal was last changed, as the search sees it."""
    return parse_time(record["properties"].get("hs_lastmodifieddate") or record["updatedAt"])


def is_wanted(record: Record, start: date | None) -> bool:
    """Whether a deal is not older than the connection's start date."""
    return start is None or parse_time(record["createdAt"]).date() >= start


def merged_ids(records: list[Record]) -> list[str]:
    """The ids of deals that were merged into these."""
    texts = [record["properties"].get("hs_merged_object_ids") or "" for record in records]
    return [part.strip() for text in texts for part in text.split(";") if part.strip()]
