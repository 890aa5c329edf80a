"""What of a person's record is not about the person, and what must not be landed again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from extract.core.files import atomic_write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from extract.core.lake import Lake

TABLE = "forgotten"
_SCHEMA = pa.schema(
    [
        ("forgotten_at", pa.timestamp("us")),
        ("connection", pa.string()),
        ("entity", pa.string()),
        ("record_hash", pa.string()),
    ]
)


@dataclass(frozen=True)
class Privacy:
    """Of a CRM: the fields that tell nothing about a person, those of names, and those of contact points.

    Everything that is not listed counts as personal, a field that the CRM invents tomorrow too. `owned_sets`
    are tables of what belongs to a record, under the id `<record type>:<id of the record>`.
    """

    impersonal: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    contact_points: frozenset[str] = frozenset()
    owned_sets: frozenset[str] = frozenset()


def without_person(value: Any, privacy: Privacy) -> Any:
    """A payload of which only impersonal fields are left."""
    if isinstance(value, dict):
        return {
            key: without_person(item, privacy) for key, item in value.items() if key in privacy.impersonal
        }
    if isinstance(value, list):
        return [without_person(item, privacy) for item in value]
    return value


class Forgotten:
    """The records that were forgotten, as hashes."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        tables = [pq.read_table(file) for file in lake.own_files(TABLE)]
        rows = pa.concat_tables(tables).to_pylist() if tables else []
        self._hashes: dict[tuple[str, str], set[str]] = {}
        for row in rows:
            self._hashes.setdefault((row["connection"], row["entity"]), set()).add(row["record_hash"])

    def holds(self, connection: str, entity: str, native_id: str) -> bool:
        """Whether a record was forgotten."""
        return _hash(connection, entity, native_id) in self._hashes.get((connection, entity), set())

    def without(self, connection: str, entity: str, page: pa.Table) -> pa.Table:
        """A page without the captures of forgotten records; that one is deleted in the CRM may be landed."""
        if (connection, entity) not in self._hashes:
            return page
        rows = zip(page["id"].to_pylist(), page["is_deleted"].to_pylist(), strict=True)
        kept = [is_deleted or not self.holds(connection, entity, key) for key, is_deleted in rows]
        return page.filter(pa.array(kept, pa.bool_()))

    def add(self, records: Iterable[tuple[str, str, str]], moment: datetime) -> None:
        """Remember (connection, entity, id) as forgotten."""
        rows = [
            {
                "forgotten_at": moment,
                "connection": connection,
                "entity": entity,
                "record_hash": _hash(connection, entity, native_id),
            }
            for connection, entity, native_id in sorted(set(records))
            if not self.holds(connection, entity, native_id)
        ]
        if rows:
            table = pa.Table.from_pylist(rows, _SCHEMA)
            atomic_write_parquet(table, self._lake.root / "dealhouse" / TABLE, TABLE)


def _hash(connection: str, entity: str, native_id: str) -> str:
    return hashlib.sha256(f"{connection}:{entity}:{native_id}".encode()).hexdigest()
