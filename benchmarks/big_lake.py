"""A lake of about a million deals, written to disk: a real extraction of a small world, multiplied."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from extract.core.cycle import extract_connection
from extract.core.lake import Lake
from extract.core.settings import Connection, Reporting, Settings
from extract.sources import source_of
from simulator.server import serve
from simulator.world import make_world

if TYPE_CHECKING:
    from pathlib import Path

BASE_SIZE = 2.0
DEALS = 1_000_000
SHIFT = 10_000_000  # between the ids of two copies
CRMS = ("bitrix24", "hubspot")
# Table: (the id of copy n, the payload of copy n).
COPIES = {
    ("bitrix24", "deals"): ("id::bigint + shift", "{'id': id::bigint + shift}"),
    ("bitrix24", "deal_stage_history"): (
        "id::bigint + shift",
        "{'ID': id::bigint + shift, 'OWNER_ID': (payload ->> 'OWNER_ID')::bigint + shift}",
    ),
    ("hubspot", "deals"): (
        "id::bigint + shift * 1000",
        "{'id': (id::bigint + shift * 1000)::varchar}",
    ),
    ("hubspot", "deal_property_history"): (
        "((payload ->> 'dealId')::bigint + shift * 1000) || substr(id, strpos(id, ':'))",
        "{'dealId': ((payload ->> 'dealId')::bigint + shift * 1000)::varchar}",
    ),
}


@dataclass(frozen=True)
class BigLake:
    """Where it is, and what is in it."""

    home: Path
    settings: Settings

    def parquet_bytes(self) -> int:
        """The size of the multiplied tables."""
        return sum(path.stat().st_size for path in self.home.glob("lake/*/deal*/*.parquet"))


def make_big_lake(home: Path) -> BigLake:
    """Extract a small world through both CRMs, then multiply its deals and their history."""
    connections = []
    for seed, crm in enumerate(CRMS, start=1):
        with serve(make_world(seed, BASE_SIZE), crm, quota_factor=1e6, latency_seconds=0) as portal:
            settings = portal.connection_settings
            connection = Connection(name=f"big_{crm}", requests_per_second=10_000, **settings)
            extract_connection(connection, source_of(crm), home)
            connections.append(connection)
    lake = BigLake(
        home,
        Settings(
            reporting=Reporting(currency="EUR", timezone="Europe/Berlin"), connections=tuple(connections)
        ),
    )
    Lake(home).land_settings(lake.settings)
    with duckdb.connect() as database:
        database.execute("set memory_limit = '6GB'; set preserve_insertion_order = false")
        for crm, entity in COPIES:
            _multiply(database, home, crm, entity)
    return lake


def _multiply(database: duckdb.DuckDBPyConnection, home: Path, crm: str, entity: str) -> None:
    folder = home / "lake" / crm / entity
    base = [str(path) for path in folder.glob("*.parquet")]
    load_id = Lake(home).committed_files(crm, entity)[0].load_id
    copies = round(DEALS / len(CRMS) / (BASE_SIZE * 5000))
    native_id, patch = COPIES[crm, entity]
    for part in range(1, copies, 10):
        target = folder / f"big_{crm}.{load_id}.copy{part}.parquet"
        database.execute(
            f"""
            copy (
                select connection, ({native_id})::varchar as id, modified_at,
                    json_merge_patch(payload::json, to_json({patch}))::varchar as payload,
                    extracted_at, is_deleted, '{load_id}' as _dlt_load_id
                from read_parquet($base),
                    (select range * {SHIFT} as shift from range({part}, least({part} + 10, {copies})))
            ) to '{target}' (row_group_size 100000)
            """,
            {"base": base},
        )


def change_some(lake: BigLake, share: float) -> int:
    """Commit one more load per CRM in which a share of the deals has another amount; returns how many."""
    changed = 0
    with duckdb.connect() as database:
        for crm in CRMS:
            changed += _change(database, lake.home, crm, share)
    return changed


def _change(database: duckdb.DuckDBPyConnection, home: Path, crm: str, share: float) -> int:
    folder = home / "lake" / crm
    ledger = max((folder / "_dlt_loads").glob("*.jsonl"))
    old_id = ledger.stem.rpartition("__")[2]
    new_id = f"{float(old_id) + 1:.6f}"
    patch = "{'opportunity': 4321.5}" if crm == "bitrix24" else "{'properties': {'amount': '4321.5'}}"
    target = folder / "deals" / f"big_{crm}.{new_id}.changed.parquet"
    rows = database.execute(
        f"""
        copy (
            select connection, id, modified_at + interval 1 day as modified_at,
                json_merge_patch(payload::json, to_json({patch}))::varchar as payload,
                extracted_at + interval 1 day as extracted_at, is_deleted, '{new_id}' as _dlt_load_id
            from read_parquet('{folder}/deals/*.parquet')
            where not is_deleted and hash(id) % 1000000 < {share * 1_000_000}
        ) to '{target}'
        """
    ).fetchone()
    line = ledger.read_text(encoding="utf-8").replace(old_id, new_id)
    ledger.with_name(ledger.name.replace(old_id, new_id)).write_text(line, encoding="utf-8")
    return int(rows[0]) if rows else 0


def floor_seconds(home: Path) -> float:
    """The floor: DuckDB scans the same Parquet and writes it again."""
    began = time.perf_counter()
    with duckdb.connect() as database:
        database.execute("set memory_limit = '6GB'; set preserve_insertion_order = false")
        for crm, entity in COPIES:
            source, target = home / "lake" / crm / entity, home / f"floor_{crm}_{entity}.parquet"
            database.execute(f"copy (select * from '{source}/*.parquet') to '{target}'")
            target.unlink()
    return time.perf_counter() - began
