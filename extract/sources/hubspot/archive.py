"""The recycle bin of a type of objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from extract.core.source import make_page
from extract.sources.hubspot.api import PAGE, pages
from extract.sources.hubspot.records import is_wanted, merged_ids, versions_of
from extract.sources.hubspot.types import MERGED_PROPERTIES
from extract.sources.hubspot.values import moment_if_any

if TYPE_CHECKING:
    from datetime import date, datetime

    from extract.core.source import Reading
    from extract.sources.hubspot.types import ObjectType


@dataclass(frozen=True)
class Archive:
    """What lies in the recycle bin.

    Attributes:
        archived_at: When each object was put there.
        merged: The ids of what had been merged into these before.
        wanted: Those that are not older than the connection's start date, in the version that lies there.
    """

    archived_at: dict[str, datetime]
    merged: set[str]
    wanted: pa.Table


def read_archive(reading: Reading, type_: ObjectType, start: date | None) -> Archive:
    """The whole recycle bin of a type."""
    asked = (*type_.identifying, *MERGED_PROPERTIES)
    params = {"limit": PAGE, "properties": ",".join(asked), "archived": "true"}
    archived_at: dict[str, datetime] = {}
    merged: set[str] = set()
    wanted = [versions_of([], type_)]
    for records, _ in pages(reading.requester, type_.path, f"archived {type_.name}", params):
        merged.update(merged_ids(records))
        wanted.append(versions_of([record for record in records if is_wanted(record, type_, start)], type_))
        for record in records:
            told = moment_if_any([record.get("archivedAt"), record.get("updatedAt")])
            archived_at[str(record["id"])] = told or reading.clock.now()
    return Archive(archived_at, merged, pa.concat_tables(wanted))


def tombstones(reading: Reading, archived_at: dict[str, datetime]) -> pa.Table:
    """Tombstones of the time of archiving."""
    return make_page(
        reading.connection.name,
        list(archived_at),
        list(archived_at.values()),
        [{"archivedAt": at.isoformat()} for at in archived_at.values()],
        reading.clock.now(),
        is_deleted=True,
    )
