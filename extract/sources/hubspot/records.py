"""Objects of a type with their property history, read by id."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extract.core.errors import ODD_RECORDS, MissingScopeError, NotAvailableError, RefusedRequestError
from extract.core.http import Request
from extract.core.lake import INSTANT
from extract.sources.hubspot.api import RESULTS, VERSION, get, rows
from extract.sources.hubspot.types import MERGED_PROPERTIES, ObjectType
from extract.sources.hubspot.values import moment, moment_if_any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from extract.core.http import Requester
    from extract.core.source import Reading

LEFT_OUT = frozenset({"propertiesWithHistory", "associations"})
ROUNDS = 3

Record = dict[str, Any]


def property_names(requester: Requester, type_: ObjectType) -> list[str]:
    """The properties to ask for: all that are not calculated by HubSpot itself, and those that are needed.

    The latter whether they are defined or not: accounts need not list what HubSpot works out.
    """
    if type_.properties:
        return list(type_.properties)
    definitions: list[Record] = []
    path = f"crm/properties/{VERSION}/{type_.name}"
    with suppress(MissingScopeError, NotAvailableError):  # their own stream tells; what is needed is known
        definitions = rows(requester, path, f"properties of {type_.name}", {"archived": "false"})
    asked = {
        definition["name"]
        for definition in definitions
        if not (definition.get("calculated") and definition.get("hubspotDefined"))
    }
    return sorted(asked | type_.needed)


class Batches:
    """Objects of a type by their ids, many at once: those that exist, or those in the recycle bin."""

    def __init__(
        self, requester: Requester, type_: ObjectType, properties: list[str], *, is_archived: bool = False
    ) -> None:
        self._requester, self._type, self._properties = requester, type_, properties
        self._archived = "true" if is_archived else "false"

    def read(self, ids: list[str]) -> tuple[list[Record], list[str]]:
        """The objects with these ids that are there, with their history; and the ids that HubSpot owes us.

        An id that is neither answered nor named as missing is asked for again: the reply belonged to another
        request, or part of the batch failed. Unless it was merged away and its survivor came in its place.
        """
        found: dict[str, Record] = {}
        open_ids = list(ids)
        for turn in range(ROUNDS):
            if turn:
                self._requester.rest(turn)
            open_ids = self._ask(open_ids, found)
            if not open_ids:
                break
        owed = [native_id for native_id in open_ids if self._is_owed(native_id, found)]
        return list(found.values()), owed

    def _ask(self, ids: list[str], found: dict[str, Record]) -> list[str]:
        body: dict[str, Any] = {
            "inputs": [{"id": native_id} for native_id in ids],
            "properties": self._properties,
        }
        if self._type.history:
            body["propertiesWithHistory"] = list(self._type.history)
        request = Request(
            "POST",
            f"{self._type.path}/batch/read",
            f"batch of {self._type.name}",
            params={"archived": self._archived},
            body=body,
            holds=RESULTS,
        )
        reply = self._requester.send(request).body
        found |= {str(record["id"]): record for record in reply[RESULTS] if record.get("id")}
        answered = _missing(reply).union(found, merged_ids(found.values()))
        return [native_id for native_id in ids if native_id not in answered]

    def _is_owed(self, native_id: str, found: dict[str, Record]) -> bool:
        """Whether an id that no batch answered is one of an object; another try, alone, may get it."""
        path, label = f"{self._type.path}/{native_id}", f"one of {self._type.name}"
        params = {"properties": "hs_object_id", "archived": self._archived}
        try:
            shown = get(self._requester, path, label, params)
        except NotAvailableError:
            return False
        except RefusedRequestError:
            return True
        return str(shown.get("id")) == native_id and bool(self._ask([native_id], found))


def _missing(reply: dict[str, Any]) -> set[str]:
    errors = [error for error in reply.get("errors") or [] if error.get("category") == "OBJECT_NOT_FOUND"]
    contexts = [error.get("context") or {} for error in errors]
    return {str(native_id) for context in contexts for native_id in context.get("ids") or []}


def pages_of(
    reading: Reading, type_: ObjectType, records: list[Record]
) -> tuple[dict[str, pa.Table], list[str]]:
    """The lake pages of objects and of their history, and the ids of objects that cannot be understood."""
    good: list[tuple[Record, datetime]] = []
    odd: list[str] = []
    events: list[tuple[str, datetime, Record]] = []
    for record in records:
        try:
            changed_at = modified_at(record, type_) or reading.clock.now()
            events += history_events(record, type_.history_owner) if type_.history else []
            good.append(({**record, "id": str(record["id"])}, changed_at))
        except ODD_RECORDS:
            odd.append(str(record.get("id")))
    pages = {
        type_.name: reading.page(
            [record["id"] for record, _ in good],
            [changed_at for _, changed_at in good],
            [{name: value for name, value in record.items() if name not in LEFT_OUT} for record, _ in good],
        )
    }
    if type_.history:
        pages[type_.history_entity] = reading.page(
            [event_id for event_id, _, _ in events],
            [at for _, at, _ in events],
            [row for _, _, row in events],
        )
    return pages, odd


def history_events(record: Record, owner: str) -> list[tuple[str, datetime, Record]]:
    """The versions of an object's properties with ids that stay the same from one reading to the next."""
    events = []
    for name, versions in (record.get("propertiesWithHistory") or {}).items():
        counts: dict[str, int] = {}
        # Newest first as they come; of the same instant, the one further back is older.
        for version in reversed(versions or []):
            stem = f"{record['id']}:{name}:{version['timestamp']}"
            counts[stem] = counts.get(stem, 0) + 1
            event_id = stem if counts[stem] == 1 else f"{stem}:{counts[stem]}"
            row = {owner: str(record["id"]), "property": name, **version}
            events.append((event_id, moment(version["timestamp"]), row))
    return events


def versions_of(records: list[Record], type_: ObjectType) -> pa.Table:
    """Which objects these are, and in which version."""
    moments = pa.array([modified_at(record, type_) for record in records], INSTANT)
    return pa.table({"id": pa.array(ids_of(records), pa.string()), "modified_at": moments})


def ids_of(records: Iterable[Record]) -> list[str]:
    """The ids of objects."""
    return [str(record["id"]) for record in records]


def properties_of(record: Record) -> dict[str, Any]:
    """The properties that came with an object."""
    return record.get("properties") or {}


def modified_at(record: Record, type_: ObjectType) -> datetime | None:
    """When an object was last changed, as the search sees it."""
    told = (properties_of(record).get(type_.modified), record.get("updatedAt"), record.get("createdAt"))
    return moment_if_any(told)


def newest_change(
    records: Iterable[Record], type_: ObjectType, earlier: datetime | None = None
) -> datetime | None:
    """The last time of change among objects, and a time seen before."""
    moments = [modified_at(record, type_) for record in records]
    return max((moment for moment in (*moments, earlier) if moment), default=None)


def is_wanted(record: Record, type_: ObjectType, start: date | None) -> bool:
    """Whether an object is not older than the connection's start date."""
    if start is None:
        return True
    created_at = moment_if_any((properties_of(record).get(type_.created), record.get("createdAt")))
    return created_at is None or created_at.date() >= start


def merged_ids(records: Iterable[Record]) -> list[str]:
    """The ids of what was merged into these; beside an id may stand when that was."""
    found = []
    for record in records:
        texts = [properties_of(record).get(name) or "" for name in MERGED_PROPERTIES]
        parts = [part.partition(":")[0].strip() for text in texts for part in text.split(";")]
        found += [part for part in dict.fromkeys(parts) if part and part != str(record.get("id"))]
    return found
