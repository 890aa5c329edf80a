"""A lake of about a million deals, written to disk: a real extraction of a small world, multiplied."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from benchmarks.copied_tables import KINDS, TABLES
from benchmarks.multiplication import multiply
from extract.core.cycle import extract_connection
from extract.core.lake import Lake
from extract.core.settings import Connection, Reporting, Settings
from extract.sources import source_of
from simulator.server import serve
from simulator.world import make_world

if TYPE_CHECKING:
    from pathlib import Path

BASE_SIZE = 2.0
COPIES = 53  # a million deals over both CRMs: a world of this size shows some 9,500
CRMS = ("bitrix24", "hubspot")
NOTE = "big_lake.json"  # written last: without it the lake is not whole


@dataclass(frozen=True)
class BigLake:
    """Where it is, and how many records of each kind are in it."""

    home: Path
    records: dict[str, int]

    def parquet_bytes(self) -> int:
        """The size of the multiplied tables."""
        folders = (self.home / "lake" / crm / entity for crm, entity in TABLES)
        return sum(path.stat().st_size for folder in folders for path in folder.glob("*.parquet"))

    def floor_seconds(self) -> float:
        """The floor: DuckDB scans the same Parquet and writes it again."""
        began = time.perf_counter()
        with duckdb.connect() as database:
            database.execute("set memory_limit = '6GB'; set preserve_insertion_order = false")
            for crm, entity in TABLES:
                target = self.home / f"floor_{crm}_{entity}.parquet"
                database.execute(
                    f"copy (select * from '{self.home}/lake/{crm}/{entity}/*.parquet') to '{target}'"
                )
                target.unlink()
        return time.perf_counter() - began


def open_big_lake(home: Path, *, base_size: float = BASE_SIZE, copies: int = COPIES) -> BigLake:
    """The big lake of a home, made if it has none."""
    note = home / NOTE
    if not note.exists():
        if (home / "lake").exists():
            raise FileExistsError(f"{home / 'lake'} is not a whole big lake: remove it, or name another home")
        _extract(home, base_size)
        with duckdb.connect() as database:
            database.execute("set memory_limit = '6GB'; set preserve_insertion_order = false")
            for crm, entity in TABLES:
                multiply(database, home, crm, entity, copies)
            note.write_text(json.dumps(_records(database, home), indent=1), encoding="utf-8")
    return BigLake(home, json.loads(note.read_text(encoding="utf-8")))


def _extract(home: Path, base_size: float) -> None:
    """Extract a small world through both CRMs."""
    connections = []
    for seed, crm in enumerate(CRMS, start=1):
        with serve(make_world(seed, base_size), crm, quota_factor=1e6, latency_seconds=0) as portal:
            settings = portal.connection_settings
            connection = Connection(name=f"big_{crm}", requests_per_second=10_000, **settings)
            extract_connection(connection, source_of(crm), home)
            connections.append(connection)
    reporting = Reporting(currency="EUR", timezone="Europe/Berlin")
    Lake(home).land_settings(Settings(reporting=reporting, connections=tuple(connections)))


def _records(database: duckdb.DuckDBPyConnection, home: Path) -> dict[str, int]:
    """How many of each kind there are, however often each was captured."""
    records = dict.fromkeys(KINDS, 0)
    for (crm, entity), table in TABLES.items():
        row = database.execute(
            "select count(distinct id) from read_parquet($files) where not is_deleted",
            {"files": f"{home}/lake/{crm}/{entity}/*.parquet"},
        ).fetchone()
        records[table.kind] += int(row[0]) if row else 0
    return records
