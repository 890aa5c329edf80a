"""Simulated portals as connections, and what the lake holds of them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import orjson

from extract.core.cycle import EntityRun, extract_connection
from extract.core.lake import Lake
from extract.core.settings import Connection
from extract.sources import source_of
from simulator.options import Options
from simulator.server import serve
from tests.extract.bitrix24_rows import kept

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simulator.model import World

QUICK = 1000.0  # quotas are not what most tests are about
SECRET = "s3cret-of-the-test"


@dataclass
class Tried:
    """A running portal with its connection and a data home."""

    running: Any  # a RunningPortal whose portal is one of a CRM
    connection: Connection
    home: Path

    def cycle(self, **arguments: Any) -> dict[str, EntityRun]:
        """One cycle, by entity."""
        source = source_of(self.connection.crm)
        runs = extract_connection(self.connection, source, self.home, **arguments)
        return {run.entity: run for run in runs}

    def landed(self, entity: str) -> list[dict[str, Any]]:
        """All captures, oldest first."""
        return captures(self.home, self.connection.crm, entity)

    def present(self, entity: str) -> dict[str, Any]:
        """The payloads of what exists, by id."""
        newest = {row["id"]: row for row in self.landed(entity)}
        return {key: row["payload"] for key, row in newest.items() if not row["is_deleted"]}

    def truth(self) -> dict[str, Any]:
        """The deals that the portal shows, by id."""
        index = self.running.portal.index if self.connection.crm == "bitrix24" else _hubspot_index(self)
        index.refresh()
        if self.connection.crm == "bitrix24":
            return {str(row.key): kept(row.whole()) for row in index.deals}
        return {str(row.key): row.modified_at for row in index.present}


def _hubspot_index(tried: Tried) -> Any:
    return tried.running.portal.routes.objects.index


def captures(home: Path, crm: str, entity: str) -> list[dict[str, Any]]:
    files = [str(file.path) for file in Lake(home).committed_files(crm, entity)]
    if not files:
        return []
    with duckdb.connect() as database:
        table = database.sql(
            "select * from read_parquet($files) order by extracted_at, _dlt_load_id", params={"files": files}
        ).to_arrow_table()
    return [row | {"payload": orjson.loads(row["payload"])} for row in table.to_pylist()]


@contextmanager
def portal(world: World, crm: str, home: Path, *, factor: float = QUICK, **options: Any) -> Iterator[Tried]:
    """Serve the world and connect to it."""
    chosen = Options(key=SECRET, **options)
    with serve(world, crm, quota_factor=factor, latency_seconds=0.0, options=chosen) as running:
        settings = running.connection_settings | {"name": "portal", "requests_per_second": 4 * factor}
        yield Tried(running, Connection.model_validate(settings), home)


def files_holding(folder: Path, text: str) -> list[Path]:
    """The files below a folder in which a text stands."""
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]
