"""The person erased from the lake: captures, what Dealhouse itself landed, and a tombstone at the end."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import orjson
import pyarrow as pa

from extract.core.files import atomic_write_parquet, private_folder
from extract.core.lake import CAPTURE_SCHEMA, OWN, Captures, Lake
from extract.core.ledger import FOLDER
from extract.core.privacy import Forgotten, without_person
from orchestration.extraction import source_of
from orchestration.forgetting.links import record_of
from orchestration.forgetting.patterns import compiled, contact_pattern, erased_in, sure_pattern
from orchestration.forgetting.person import ENTITIES
from orchestration.forgetting.rewriting import rewrite_captures, rewrite_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from extract.core.privacy import Privacy
    from orchestration.forgetting.note import Note
    from orchestration.forgetting.person import Record
    from orchestration.forgetting.rewriting import Row
    from orchestration.places import Places

OF_THEIR_OWN = frozenset({*ENTITIES.values(), "companies"})
"""Tables of records that are somebody: what another one of them says is not this person's to erase."""
Ids = dict[tuple[str, str], set[str]]  # (connection, entity) to native ids


def remember(places: Places, note: Note, moment: datetime) -> None:
    """Let no extraction bring the records back, nor the activities with this person alone."""
    lake = Lake(places.home)
    crms = _crms(lake)
    forgotten = [
        (record.connection, entity, native_id)
        for record in map(record_of, note.keys | note.links.alone)
        for entity, native_id in _places_of(record, source_of(crms[record.connection]).privacy)
    ]
    Forgotten(lake).add(forgotten, moment.replace(tzinfo=None))


def erase_from_lake(places: Places, note: Note, progress: Callable[[int, int], None]) -> set[str]:
    """Erase the person from every table; the keys of other records in whose texts the person stood."""
    lake = Lake(places.home)
    changed: set[str] = set()
    tables = list(lake.tables())
    for number, (crm, entity) in enumerate(tables, start=1):
        progress(number, len(tables))
        eraser = _Eraser(crm, entity, note)
        for file in sorted((lake.root / crm / entity).glob("*.parquet")):
            rows = rewrite_captures(file, eraser.condition, eraser.given, eraser.changed)
            changed |= {f"{row['connection']}.{entity} {row['id']}" for row in rows if eraser.is_other(row)}
    pattern = sure_pattern(note.person)
    for file in sorted((lake.root / OWN).glob("*/*.parquet")):
        rewrite_texts(file, pattern, [("detected_value", "record_key", note.keys)])
    return changed


class _Eraser:
    """What is to change in one table."""

    def __init__(self, crm: str, entity: str, note: Note) -> None:
        self._privacy = source_of(crm).privacy
        self._emptied = _ids(note.keys | note.links.alone, entity, self._privacy)
        self._related = _ids(note.links.related, entity, self._privacy)
        contact, sure = contact_pattern(note.person), sure_pattern(note.person)
        self._contact, self._sure = compiled(contact) if contact else None, compiled(sure) if sure else None
        self._is_of_its_own = entity in OF_THEIR_OWN
        self.given: dict[str, Any] = {
            "emptied": [f"{name} {key}" for name, keys in self._emptied.items() for key in keys],
            "related": [f"{name} {key}" for name, keys in self._related.items() for key in keys],
        }
        self.condition = "list_contains($emptied, connection || ' ' || id)"
        self.condition += " or list_contains($related, connection || ' ' || id)"
        if contact and not self._is_of_its_own:
            self.condition += " or regexp_matches(payload, $contact, 'i')"
            self.given["contact"] = contact

    def is_other(self, row: Row) -> bool:
        """Whether it is not a record of the person alone."""
        return row["id"] not in self._emptied.get(row["connection"], ())

    def changed(self, row: Row) -> str:
        """The payload without the person."""
        payload = orjson.loads(row["payload"])
        if not self.is_other(row):
            payload = without_person(payload, self._privacy)
        elif not self._is_of_its_own:
            is_related = row["id"] in self._related.get(row["connection"], ())
            pattern = self._sure if is_related else self._contact
            payload = erased_in(payload, pattern) if pattern else payload
        else:
            return str(row["payload"])
        return orjson.dumps(payload, option=orjson.OPT_SORT_KEYS).decode()


def _ids(keys: Iterable[str], entity: str, privacy: Privacy) -> dict[str, set[str]]:
    """Per connection, the ids under which that table holds the records of the keys, or what is theirs."""
    found: dict[str, set[str]] = {}
    for record in map(record_of, keys):
        ids = {native_id for table, native_id in _places_of(record, privacy) if table == entity}
        found.setdefault(record.connection, set()).update(ids)
    return found


def _places_of(record: Record, privacy: Privacy) -> Iterator[tuple[str, str]]:
    """Table and id of the record itself, and of the sets that belong to it."""
    yield record.entity, record.native_id
    for entity in sorted(privacy.owned_sets):
        yield entity, f"{record.record_type}:{record.native_id}"


def _crms(lake: Lake) -> dict[str, str]:
    return {name: row["crm"] for name, row in lake.landed_connections().items()}


def bury(places: Places, note: Note) -> None:
    """Land a tombstone of every forgotten record and of what is its own: they count as deleted now."""
    lake = Lake(places.home)
    crms = _crms(lake)
    for record in map(record_of, sorted(note.keys)):
        crm = crms[record.connection]
        for entity, native_id in _places_of(record, source_of(crm).privacy):
            captures = Captures(lake, crm, record.connection, entity)
            if native_id in set(captures.alive()["id"].to_pylist()):
                _land_tombstone(lake, crm, record.connection, entity, native_id)


def _land_tombstone(lake: Lake, crm: str, connection: str, entity: str, native_id: str) -> None:
    load_id = f"{time.time():.6f}"
    files = [str(file.path) for file in lake.committed_files(crm, entity, connection)]
    with duckdb.connect() as database:
        query = "select max(extracted_at) from read_parquet($files) where id = $id"
        last = database.execute(query, {"files": files, "id": native_id}).fetchall()[0][0]
    moment = max(datetime.now(UTC).replace(tzinfo=None), last + timedelta(microseconds=1))
    row = {
        "connection": connection,
        "id": native_id,
        "modified_at": moment,
        "payload": "{}",
        "extracted_at": moment,
        "is_deleted": True,
        "_dlt_load_id": load_id,
    }
    schema = CAPTURE_SCHEMA.append(pa.field("_dlt_load_id", pa.string()))
    table = pa.Table.from_pylist([row], schema)
    atomic_write_parquet(table, lake.root / crm / entity, f"{connection}.{load_id}")
    ledger = private_folder(lake.root / crm / FOLDER) / f"{connection}__{load_id}.jsonl"
    part = ledger.with_name(f"{ledger.name}.part")
    part.write_bytes(orjson.dumps({"load_id": load_id, "schema_name": connection, "status": 0}))
    part.replace(ledger)
