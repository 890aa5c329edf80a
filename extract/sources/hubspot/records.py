"""Objects of a type with their property history, read by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract.core.clock import parse_time
from extract.core.http import Request
from extract.sources.hubspot.api import VERSION, get
from extract.sources.hubspot.types import CALCULATED_PROPERTIES, MERGED_PROPERTIES, ObjectType

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    import pyarrow as pa

    from extract.core.http import Requester
    from extract.core.source import Reading

LEFT_OUT = frozenset({"propertiesWithHistory", "associations"})

Record = dict[str, Any]


def property_names(requester: Requester, type_: ObjectType) -> list[str]:
    """The properties to ask for: all that are not calculated, and the calculated ones that are needed."""
    if type_.properties:
        return list(type_.properties)
    path = f"crm/properties/{VERSION}/{type_.name}"
    label = f"properties of {type_.name}"
    definitions = get(requester, path, label, {"archived": "false"}).get("results", [])
    return sorted(
        definition["name"]
        for definition in definitions
        if not definition.get("calculated") or definition["name"] in CALCULATED_PROPERTIES
    )


def read_records(
    requester: Requester, type_: ObjectType, ids: list[str], properties: list[str]
) -> list[Record]:
    """The objects with these ids that exist, with their history.

    An id that is neither answered nor named as missing is asked for again, for the reply belonged to another
    request; unless it was merged away and its survivor came in its place.
    """
    found: dict[str, Record] = {}
    missing: set[str] = set()
    open_ids = list(ids)
    for _ in range(3):
        body: dict[str, Any] = {
            "inputs": [{"id": native_id} for native_id in open_ids],
            "properties": properties,
        }
        if type_.history:
            body["propertiesWithHistory"] = list(type_.history)
        reply = requester.send(
            Request(
                "POST",
                f"{type_.path}/batch/read",
                f"batch of {type_.name}",
                params={"archived": "false"},
                body=body,
            )
        ).body
        found |= {record["id"]: record for record in reply.get("results", [])}
        missing |= _missing(reply)
        answered = missing.union(found, merged_ids(found.values()))
        open_ids = [native_id for native_id in open_ids if native_id not in answered]
        if not open_ids:
            break
    return list(found.values())


def _missing(reply: dict[str, Any]) -> set[str]:
    errors = [error for error in reply.get("errors") or [] if error.get("category") == "OBJECT_NOT_FOUND"]
    return {str(native_id) for error in errors for native_id in error.get("context", {}).get("ids", [])}


def pages_of(reading: Reading, type_: ObjectType, records: list[Record]) -> dict[str, pa.Table]:
    """The lake pages of objects and of their history."""
    pages = {
        type_.name: reading.page(
            [record["id"] for record in records],
            [modified_at(record, type_) for record in records],
            [{name: value for name, value in record.items() if name not in LEFT_OUT} for record in records],
        )
    }
    if type_.history:
        events = [event for record in records for event in history_events(record, type_.history_owner)]
        pages[type_.history_entity] = reading.page(
            [event[0] for event in events],
            [parse_time(event[1]["timestamp"]) for event in events],
            [event[1] for event in events],
        )
    return pages


def history_events(record: Record, owner: str) -> list[tuple[str, Record]]:
    """The versions of an object's properties with ids that stay the same from one reading to the next."""
    events = []
    for name, versions in (record.get("propertiesWithHistory") or {}).items():
        counts: dict[str, int] = {}
        # Newest first as they come; of the same instant, the one further back is older.
        for version in reversed(versions):
            stem = f"{record['id']}:{name}:{version['timestamp']}"
            counts[stem] = counts.get(stem, 0) + 1
            event_id = stem if counts[stem] == 1 else f"{stem}:{counts[stem]}"
            events.append((event_id, {owner: record["id"], "property": name, **version}))
    return events


def modified_at(record: Record, type_: ObjectType) -> datetime:
    """When an object was last changed, as the search sees it."""
    return parse_time(record["properties"].get(type_.modified) or record["updatedAt"])


def is_wanted(record: Record, start: date | None) -> bool:
    """Whether an object is not older than the connection's start date."""
    return start is None or parse_time(record["createdAt"]).date() >= start


def merged_ids(records: Iterable[Record]) -> list[str]:
    """The ids of what was merged into these; beside an id may stand when that was."""
    found = []
    for record in records:
        texts = [record["properties"].get(name) or "" for name in MERGED_PROPERTIES]
        parts = [part.partition(":")[0].strip() for text in texts for part in text.split(";")]
        found += [part for part in dict.fromkeys(parts) if part and part != record["id"]]
    return found
