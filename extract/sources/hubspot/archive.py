"""The recycle bin of a type of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.core.source import make_page
from extract.sources.hubspot.api import PAGE, pages
from extract.sources.hubspot.records import merged_ids
from extract.sources.hubspot.types import MERGED_PROPERTIES
from extract.sources.hubspot.values import moment_if_any

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa

    from extract.core.source import Reading
    from extract.sources.hubspot.types import ObjectType

Archive = dict[str, "datetime"]
"""When each object was put into the recycle bin."""


def read_archive(reading: Reading, type_: ObjectType) -> tuple[Archive, set[str]]:
    """What lies in the recycle bin, and the ids of what had been merged into it before."""
    asked = ("hs_object_id", *MERGED_PROPERTIES)
    params = {"limit": PAGE, "properties": ",".join(asked), "archived": "true"}
    found: Archive = {}
    merged: set[str] = set()
    for records, _ in pages(reading.requester, type_.path, f"archived {type_.name}", params):
        merged.update(merged_ids(records))
        for record in records:
            told = moment_if_any([record.get("archivedAt"), record.get("updatedAt")])
            found[str(record["id"])] = told or reading.clock.now()
    return found, merged


def tombstones(reading: Reading, archived: Archive) -> pa.Table:
    """Tombstones of the time of archiving."""
    return make_page(
        reading.connection.name,
        list(archived),
        list(archived.values()),
        [{"archivedAt": at.isoformat()} for at in archived.values()],
        reading.clock.now(),
        is_deleted=True,
    )
