"""What the checkpoint on what was landed is asked about, and the shapes of payloads that it goes by."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from extract.core.census import Subject
from extract.core.files import private_folder
from orchestration.censuses import RECONCILED_ALWAYS, told_censuses, wanted_censuses
from orchestration.extraction import wanted_connections

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from extract.core.settings import Connection
    from extract.core.source import Census
    from orchestration.build_record import BuildRecord
    from orchestration.cycle import Cycle
    from orchestration.places import Places

# What `unpack` compiles to: the column, and the keys that it reads from it.
_UNPACKED = re.compile(r"from_json\((?:\w+\.)?(payload|properties), '(\{[^']*\})'\)")
_NESTED = "properties"


def read_keys(places: Places, manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """Per lake table (`crm entity`), the keys of payloads that staging reads, as last compiled."""
    found: dict[str, set[str]] = {}
    for node in manifest["nodes"].values():
        sources = [name for name in node.get("depends_on", {}).get("nodes", []) if name.startswith("source.")]
        if node["resource_type"] != "model" or len(sources) != 1:
            continue
        compiled = places.dbt / "compiled" / node["package_name"] / node["original_file_path"]
        if compiled.exists():
            source = manifest["sources"][sources[0]]
            table = f"{source['source_name']} {source['name']}"
            found.setdefault(table, set()).update(_unpacked(compiled.read_text(encoding="utf-8")))
    return {table: sorted(keys) for table, keys in found.items() if keys}


def _unpacked(compiled: str) -> set[str]:
    return {
        f"{_NESTED}.{key}" if column == _NESTED else key
        for column, shape in _UNPACKED.findall(compiled)
        for key in json.loads(shape)
    }


def write_censuses(cycle: Cycle, record: BuildRecord, folder: Path) -> list[dict[str, str]]:
    """What the portals that this run read show now, as Parquet files in `folder`.

    Large tables of a portal are asked for at night only; what does not answer is told, and stops nothing.
    """
    live_rows = record.built.live_rows if record.built else {}
    runs = {(run.connection, run.entity): run for run in cycle.extracted.runs if run.is_complete}

    def is_asked(connection: Connection, census: Census) -> bool:
        run = runs.get((connection.name, census.table))
        known = live_rows.get(f"{connection.name} {connection.crm} {census.table}", 0)
        is_small = run is not None and max(known, run.rows) <= RECONCILED_ALWAYS
        return run is not None and (is_small or cycle.wish.is_thorough)

    asked = [
        (connection, censuses)
        for connection in (wanted_connections(cycle.settings, cycle.wish.connections) if runs else [])
        if (censuses := [one for one in wanted_censuses(connection) if is_asked(connection, one)])
    ]
    cycle.censuses = told_censuses(asked, cycle.places, cycle.watcher).tables
    told = []
    for connection, censuses in asked:
        for census in censuses:
            table = cycle.censuses.get(Subject(connection.name, census.entity))
            if table is None:
                continue
            file = folder / f"{connection.name}.{census.table}.parquet"
            pq.write_table(table, file)
            settled_at = runs[connection.name, census.table].started_at - census.overlap
            told.append(
                {
                    "connection": connection.name,
                    "crm": connection.crm,
                    "entity": census.table,
                    "file": str(file),
                    "settled_at": settled_at.replace(tzinfo=None).isoformat(),
                }
            )
    return told


def accepted_shapes(places: Places) -> dict[str, Any]:
    """The shapes of what the last build was made from; none before the first."""
    if not places.shapes.exists():
        return {}
    content: dict[str, Any] = json.loads(places.shapes.read_text(encoding="utf-8"))
    return content


def accept_shapes(places: Places, shapes: dict[str, Any]) -> None:
    """Go by these shapes from now on: what was landed is built."""
    if shapes:
        target = private_folder(places.home) / places.shapes.name
        part = target.with_name(f"{target.name}.part")
        part.write_text(json.dumps(accepted_shapes(places) | shapes), encoding="utf-8")
        part.replace(target)
