"""Parquet files written anew with some texts erased, each under its own name in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from extract.core.errors import LakeError
from extract.core.ledger import LOADS_KEY, loads_in
from orchestration.forgetting.patterns import ERASED
from orchestration.places import PRIVATE_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

Row = dict[str, Any]
_KEY = ("connection", "id", "payload")


def rewrite_captures(
    file: Path, condition: str, given: dict[str, Any], change: Callable[[Row], str]
) -> list[Row]:
    """Replace the payloads of the captures that meet a condition; those that were changed."""
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as database:
        query = f"select distinct {', '.join(_KEY)} from read_parquet($file) where {condition}"  # noqa: S608
        found = database.execute(query, {"file": str(file), **given}).fetchall()
        rows = [dict(zip(_KEY, row, strict=True)) for row in found]
        changes = [row | {"new": new} for row in rows if (new := change(row)) != row["payload"]]
        if changes:
            database.register("changes", pa.Table.from_pylist(changes))
            _write(
                database,
                file,
                "files.* replace (coalesce(changes.new, files.payload) as payload)",
                "left join changes on files.connection = changes.connection and files.id = changes.id"
                " and files.payload = changes.payload",
            )
    return changes


def rewrite_texts(file: Path, pattern: str | None, nulled: Sequence[tuple[str, str, set[str]]] = ()) -> bool:
    """Erase a pattern from every text column, and make columns null; whether anything changed.

    Args:
        file: A Parquet file of any table.
        pattern: What to erase.
        nulled: (column, key column, keys): in rows with such a key that column becomes null.
    """
    texts = [field.name for field in pq.read_schema(file) if _is_text(field.type)]
    parts = {name: _quoted(name) for name in texts}
    conditions = []
    if pattern:
        conditions += [f"regexp_matches({_quoted(name)}, {_literal(pattern)}, 'i')" for name in texts]
        parts = {
            name: f"regexp_replace({part}, {_literal(pattern)}, '{ERASED}', 'gi')"
            for name, part in parts.items()
        }
    for column, key_column, keys in nulled:
        if {column, key_column} <= set(texts):
            listed = ", ".join(map(_literal, sorted(keys)))
            is_theirs = f"{_quoted(key_column)} in ({listed})"
            conditions.append(f"({is_theirs} and {_quoted(column)} is not null)")
            parts[column] = f"case when {is_theirs} then null else {parts[column]} end"
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as database:
        if not conditions or not _has_any(database, file, " or ".join(conditions)):
            return False
        replaced = ", ".join(f"{part} as {_quoted(name)}" for name, part in parts.items())
        _write(database, file, f"files.* replace ({replaced})", "")
    return True


def _has_any(database: duckdb.DuckDBPyConnection, file: Path, condition: str) -> bool:
    query = f"select 1 from read_parquet($file) where {condition} limit 1"  # noqa: S608
    return bool(database.execute(query, {"file": str(file)}).fetchall())


def _write(database: duckdb.DuckDBPyConnection, file: Path, columns: str, joined: str) -> None:
    part = file.with_name(f"{file.name}.part")
    loads = loads_in(str(file))
    about = f", kv_metadata {{{LOADS_KEY}: {_literal(orjson.dumps(loads).decode())}}}" if loads else ""
    database.execute(
        f"copy (select {columns} from read_parquet({_literal(str(file))}) as files {joined})"  # noqa: S608
        f" to {_literal(str(part))} (format parquet, compression zstd{about})"
    )
    part.chmod(PRIVATE_FILE)
    before, after = pq.read_metadata(file).num_rows, pq.read_metadata(part).num_rows
    if before != after:
        part.unlink()
        raise LakeError(f"{after:,} of {before:,} rows were written.", str(file), "Please report it.")
    part.replace(file)


def _is_text(kind: pa.DataType) -> bool:
    values = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(values) or pa.types.is_large_string(values))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
