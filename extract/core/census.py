"""The deals and leads of a portal as it shows them now, for comparison; nothing is landed."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from extract.core.errors import (
    ODD_RECORDS,
    DealhouseError,
    MissingScopeError,
    NotAvailableError,
    RefusedRequestError,
    SourceError,
    unexpected_shape,
)
from extract.core.privacy import Forgotten
from extract.core.source import CENSUS_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extract.core.lake import Lake
    from extract.core.settings import Connection
    from extract.core.source import Census, Portal, Progress, Source


class Subject(NamedTuple):
    """What is compared by itself: an entity of a connection."""

    connection: str
    entity: str


@dataclass
class Taken:
    """Censuses that were taken, and what was refused or failed.

    Attributes:
        tables: All rows of a census; a record may stand in it twice.
        refused: What these portals do not have or these tokens may not read, where that is no fault.
        failures: Everything else that kept a census from being taken.
    """

    tables: dict[Subject, pa.Table] = field(default_factory=dict)
    refused: dict[Subject, SourceError] = field(default_factory=dict)
    failures: list[DealhouseError] = field(default_factory=list)

    def add(self, other: Taken) -> None:
        """Take over what was taken elsewhere."""
        self.tables |= other.tables
        self.refused |= other.refused
        self.failures += other.failures


def take_censuses(
    connection: Connection,
    source: Source,
    censuses: Sequence[Census],
    lake: Lake,
    progress: Progress | None = None,
) -> Taken:
    """Take censuses of a connection, one after the other, up to one that fails.

    A refusal concerns one entity. Anything else would most likely meet the next one, too.
    """
    taken, forgotten = Taken(), Forgotten(lake)
    with closing(source.open(connection)) as portal:
        for census in censuses:
            subject = Subject(connection.name, census.entity)
            try:
                taken.tables[subject] = _take(portal, connection, census, forgotten, progress)
            except SourceError as error:
                if not _is_no_fault(error, is_optional=source.is_optional(census.table)):
                    taken.failures.append(error)
                    break
                taken.refused[subject] = error
    return taken


def _is_no_fault(error: SourceError, *, is_optional: bool) -> bool:
    """Whether a portal just does without these; how it words that differs."""
    if isinstance(error, NotAvailableError):
        return True
    return is_optional and isinstance(error, MissingScopeError | RefusedRequestError)


def _take(
    portal: Portal, connection: Connection, census: Census, forgotten: Forgotten, progress: Progress | None
) -> pa.Table:
    pages = [CENSUS_SCHEMA.empty_table()]
    count = 0
    try:
        for page in census.read(portal, connection):
            pages.append(_without_forgotten(page, connection, census, forgotten))
            count += page.num_rows
            if progress:
                progress(connection.name, census.entity, count)
    except ODD_RECORDS as error:
        raise unexpected_shape(error, f"connection {connection.name!r}, {census.entity}") from error
    return pa.concat_tables(pages)


def _without_forgotten(
    page: pa.Table, connection: Connection, census: Census, forgotten: Forgotten
) -> pa.Table:
    """Whoever was forgotten is not read again, however long the CRM shows them."""
    keys = page["native_id"].to_pylist()
    kept = [not forgotten.holds(connection.name, census.table, key) for key in keys]
    return page.filter(pa.array(kept, pa.bool_()))


def census_page(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Rows by the names of `CENSUS_SCHEMA`; an empty text says nothing."""
    named = [{name: None if value == "" else value for name, value in row.items()} for row in rows]
    return pa.Table.from_pylist(named, CENSUS_SCHEMA)


def as_text(value: Any) -> str | None:
    """An id or a number as text."""
    return None if value is None else str(value)
