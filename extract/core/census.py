"""The deals of a portal as it shows them now, for comparison; nothing is landed."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extract.core.errors import ODD_RECORDS, unexpected_shape
from extract.core.source import CENSUS_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extract.core.settings import Connection
    from extract.core.source import Progress, Source

ENTITY = "deals"


def take_census(connection: Connection, source: Source, progress: Progress | None = None) -> pa.Table:
    """All pages of a source's census as one table; a deal may stand in it twice.

    Raises:
        SourceError: When the portal does not give them all.
    """
    pages = [CENSUS_SCHEMA.empty_table()]
    count = 0
    with closing(source.open(connection)) as portal:
        try:
            for page in source.census.read(portal, connection):
                pages.append(page)
                count += page.num_rows
                if progress:
                    progress(connection.name, ENTITY, count)
        except ODD_RECORDS as error:
            raise unexpected_shape(error, f"connection {connection.name!r}, {ENTITY}") from error
    return pa.concat_tables(pages)


def census_page(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Rows by the names of `CENSUS_SCHEMA`; an empty text says nothing."""
    named = [{name: None if value == "" else value for name, value in row.items()} for row in rows]
    return pa.Table.from_pylist(named, CENSUS_SCHEMA)


def as_text(value: Any) -> str | None:
    """An id or a number as text."""
    return None if value is None else str(value)
