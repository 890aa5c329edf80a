"""Where else in the CRM a person stands: merged records, deals and leads, activities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from extract.core.errors import DealhouseError
from orchestration.forgetting.person import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestration.places import Places

_MERGED = "select contact_key from conformed.int_contacts where list_contains($keys, merged_into_key)"
_LINKED = """
    select from_key from conformed.int_record_links where list_contains($keys, to_key)
    union select to_key from conformed.int_record_links where list_contains($keys, from_key)
"""
_ACTIVITIES = """
    select activity_key, bool_and(list_contains($keys, record_key)) as is_only_theirs
    from next.marts.bridge_activity_records
    group by activity_key
    having bool_or(list_contains($keys, record_key))
"""


@dataclass
class Links:
    """Keys of records beside the person's own.

    Attributes:
        related: Deals, leads, companies and activities in which the person takes part among others.
        alone: Activities with this person and nobody else.
    """

    related: set[str] = field(default_factory=set)
    alone: set[str] = field(default_factory=set)


def record_of(key: str) -> Record:
    """A key taken apart."""
    connection, record_type, native_id = key.split(":", 2)
    return Record(connection, record_type, native_id)


def merged_into(places: Places, keys: Iterable[str]) -> set[str]:
    """The keys of contacts that were merged into these: the same person."""
    with _open(places) as database:
        return {row[0] for row in database.execute(_MERGED, {"keys": sorted(keys)}).fetchall()}


def links_of(places: Places, keys: Iterable[str]) -> Links:
    """What the built warehouse knows to be linked with these records."""
    given = {"keys": sorted(keys)}
    with _open(places) as database:
        related = {row[0] for row in database.execute(_LINKED, given).fetchall()}
        activities = database.execute(_ACTIVITIES, given).fetchall()
    alone = {key for key, is_only_theirs in activities if is_only_theirs}
    return Links(related | {key for key, _ in activities} - alone, alone)


def _open(places: Places) -> duckdb.DuckDBPyConnection:
    if not places.warehouse.exists() or not places.next_database.exists():
        raise DealhouseError(
            "The warehouse is not built, so it is not known which records belong together.",
            str(places.warehouse),
            "Run `dealhouse run` and repeat this.",
        )
    database = duckdb.connect(str(places.warehouse), read_only=True)
    path = str(places.next_database).replace("'", "''")
    database.execute(f"attach '{path}' as next (read_only)")
    return database
