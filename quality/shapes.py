"""The shape of payloads: their keys and JSON types, and what changed in it since the last builds."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from quality.expectation import Expectation

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from quality.thresholds import SchemaDrift

SAMPLE = 5_000
NESTED = "properties"
TABLE = "shape_changes"
_TYPES = {"VARCHAR": "text", "BOOLEAN": "boolean", "NULL": "", "JSON": ""}
_COLUMNS = "connection, crm, entity, change, payload_key, types_before, types_now, is_read_by_a_model"


@dataclass(frozen=True)
class Key:
    """A key of payloads.

    Attributes:
        present: The records that had it.
        absent: The records without it, since one had it first.
        streak: How many of the last records lack it, in a row.
        types: Its JSON types other than null.
    """

    present: int = 0
    absent: int = 0
    streak: int = 0
    types: tuple[str, ...] = ()

    def after(self, now: Key) -> Key:
        """With later records counted in."""
        streak = 0 if now.present else self.streak + now.absent
        types = tuple(sorted({*self.types, *now.types}))
        return Key(self.present + now.present, self.absent + now.absent, streak, types)

    def has_vanished(self, limits: SchemaDrift) -> bool:
        """Whether it was usual, and has been lacking for longer than chance explains."""
        earlier = self.present + self.absent - self.streak
        is_usual = self.present >= max(limits.smallest_load, limits.usual_share * earlier)
        return is_usual and self.streak >= limits.smallest_load


@dataclass(frozen=True)
class Shape:
    """The keys of a table's payloads of one connection, up to and with load `load_id`."""

    load_id: str
    keys: Mapping[str, Key]

    @classmethod
    def parse(cls, content: Mapping[str, Any]) -> Shape:
        """From what `asdict` made of it."""
        keys = {name: Key(**{**key, "types": tuple(key["types"])}) for name, key in content["keys"].items()}
        return cls(content["load_id"], keys)

    def after(self, now: Shape, limits: SchemaDrift) -> Shape:
        """With later loads counted in; a key that has vanished is forgotten, so that it is told once."""
        rows = max((key.present + key.absent for key in now.keys.values()), default=0)
        lacking = Key(absent=rows)
        joined = {name: key.after(now.keys.get(name, lacking)) for name, key in self.keys.items()}
        kept = {name: key for name, key in joined.items() if not key.has_vanished(limits)}
        return Shape(now.load_id, {**now.keys, **kept})


def measure_shape(
    captures: str, connection: str, after_load: str, database: duckdb.DuckDBPyConnection
) -> Shape | None:
    """The shape of what was landed after a load; None where nothing was.

    Args:
        captures: The committed captures of a lake table, as SQL.
        connection: Whose captures.
        after_load: The last load that is known already, or nothing.
        database: Any open database.
    """
    scope = {"connection": connection, "load_id": after_load}
    newer = "from captures where connection = $connection and _dlt_load_id > $load_id"
    newest = database.execute(
        f"with captures as ({captures}) select max(_dlt_load_id) {newer}",
        scope,
    ).fetchone()
    if newest is None or newest[0] is None:
        return None
    found = database.execute(
        f"with captures as ({captures}), sampled as (select payload {newer} and not is_deleted"  # noqa: S608
        f" limit {SAMPLE}) select json_structure(payload), count(*) from sampled group by 1",
        scope,
    ).fetchall()
    return Shape(newest[0], _keys([(json.loads(structure), rows) for structure, rows in found]))


def _keys(structures: list[tuple[Any, int]]) -> dict[str, Key]:
    """Of payloads that are alike all at once: as many structures as there are, not as many records."""
    counts: dict[str, int] = {}
    types: dict[str, set[str]] = {}
    for structure, rows in structures:
        for name, kind in _flat(structure):
            counts[name] = counts.get(name, 0) + rows
            types.setdefault(name, set()).add(kind)
    total = sum(rows for _, rows in structures)
    return {
        name: Key(count, total - count, 0, tuple(sorted(types[name] - {""})))
        for name, count in counts.items()
    }


def _flat(structure: Any) -> list[tuple[str, str]]:
    """Keys of a payload, and of the one object inside it that holds the record's fields."""
    if not isinstance(structure, dict):
        return []
    fields = structure.get(NESTED)
    inside = [(f"{NESTED}.{name}", kind) for name, kind in fields.items()] if isinstance(fields, dict) else []
    return [(name, _type(kind)) for name, kind in [*structure.items(), *inside]]


def _type(structure: Any) -> str:
    if isinstance(structure, str):
        return _TYPES.get(structure, "number")
    return "object" if isinstance(structure, dict) else "array"


def write_changes(
    before: Mapping[str, Shape],
    now: Mapping[str, Shape],
    read_keys: Mapping[str, list[str]],
    limits: SchemaDrift,
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Make the table of changes that the expectations read; a table seen for the first time has none."""
    rows = [
        [*table.split(" "), change, name, *types, name in read_keys.get(table.partition(" ")[2], [])]
        for table, shape in now.items()
        if table in before
        for change, name, *types in _changes(before[table], shape, limits)
    ]
    database.execute(
        f"create table {TABLE} (connection varchar, crm varchar, entity varchar, change varchar,"
        " payload_key varchar, types_before varchar, types_now varchar, is_read_by_a_model boolean)"
    )
    if rows:
        database.executemany(f"insert into {TABLE} values (?, ?, ?, ?, ?, ?, ?, ?)", rows)  # noqa: S608


def _changes(before: Shape, now: Shape, limits: SchemaDrift) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    rows = max((key.present + key.absent for key in now.keys.values()), default=0)
    for name in sorted({*before.keys, *now.keys}):
        old, new = before.keys.get(name), now.keys.get(name, Key(absent=rows))
        kinds = [" ".join(key.types) if key else "" for key in (old, new)]
        if old is None:
            found.append(("new", name, *kinds))
        elif old.after(new).has_vanished(limits):
            found.append(("vanished", name, *kinds))
        elif old.types and set(new.types) - set(old.types):
            found.append(("other type", name, *kinds))
    return found


def expectations(limits: SchemaDrift) -> list[Expectation]:
    """One on everything that changed, one on the keys that columns are made of."""
    query = f"select {_COLUMNS} from {TABLE}"  # noqa: S608
    needed = "change = 'vanished' and is_read_by_a_model"
    return [
        Expectation(
            "schema_drift",
            limits.severity,
            query,
            f"not ({needed})",
            "No key of payloads is new, has vanished or changed its type since the last builds.",
        ),
        Expectation(
            "contract_keys",
            limits.vanished_contract_key,
            query,
            needed,
            "Every key that a model reads is still there.",
        ),
    ]


def as_json(shapes: Mapping[str, Shape]) -> dict[str, Any]:
    """Shapes as JSON holds them."""
    return {table: asdict(shape) for table, shape in shapes.items()}


def from_json(content: Mapping[str, Any]) -> dict[str, Shape]:
    """Shapes as JSON held them."""
    return {table: Shape.parse(shape) for table, shape in content.items()}
