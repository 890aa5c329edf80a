"""A lake by hand: two connections of one CRM, a load per day, runs, a load without a ledger line."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from extract.core.files import atomic_write_parquet, private_folder
from extract.core.lake import CAPTURE_SCHEMA, Lake
from orchestration import inputs
from orchestration.places import Places

if TYPE_CHECKING:
    from pathlib import Path

FIRST_DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = (FIRST_DAY + timedelta(days=3)).date()
TABLE_SCHEMA = CAPTURE_SCHEMA.append(pa.field("_dlt_load_id", pa.string()))
CONNECTIONS = ("north", "south")


def make_lake(home: Path) -> Places:
    """Three closed days and one of today; deal 1 changes every day."""
    places = Places(home)
    for connection in CONNECTIONS:
        for day in range(4):
            load_id = f"{(FIRST_DAY + timedelta(days=day)).timestamp()}"
            land(places, connection, load_id, [("1", f'{{"day":{day}}}'), (f"only{day}", "{}")])
            _land_run(places, connection, day)
    land(places, "north", "1772600000.5", [("lost", "{}")], is_committed=False)
    return places


def land(
    places: Places, connection: str, load_id: str, deals: list[tuple[str, str]], *, is_committed: bool = True
) -> None:
    """One load, as dlt leaves it behind."""
    moment = datetime.fromtimestamp(float(load_id), UTC).replace(tzinfo=None)
    rows = [
        {"connection": connection, "id": key, "modified_at": moment, "payload": payload}
        | {"extracted_at": moment, "is_deleted": False, "_dlt_load_id": load_id}
        for key, payload in deals
    ]
    table = pa.Table.from_pylist(rows, TABLE_SCHEMA)
    atomic_write_parquet(table, places.lake / "bitrix24" / "deals", f"{connection}.{load_id}")
    if is_committed:
        line = {"load_id": load_id, "schema_name": connection, "status": 0}
        ledger = private_folder(places.lake / "bitrix24" / "_dlt_loads")
        (ledger / f"{connection}__{load_id}.jsonl").write_text(json.dumps(line), encoding="utf-8")


def _land_run(places: Places, connection: str, day: int) -> None:
    moment = (FIRST_DAY + timedelta(days=day)).replace(tzinfo=None)
    row = dict.fromkeys(("quota_share", "error")) | {
        "run_id": f"{connection}-{moment:%Y%m%dT%H%M%S%f}",
        "connection": connection,
        "crm": "bitrix24",
        "entity": "deals",
        "started_at": moment,
        "completed_at": moment,
        "rows": 2,
        "requests": 1,
    }
    flags = dict.fromkeys(("is_complete", "is_required", "is_full_cycle"), True)
    Lake(places.home).land_runs([row | flags])


def seen(places: Places) -> dict[str, Any]:
    """What the product reads of the lake: captures, runs, and the fingerprints of a build."""
    lake = Lake(places.home)
    files = [str(file.path) for file in lake.committed_files("bitrix24", "deals")]
    with duckdb.connect() as database:
        captures = database.sql(
            "select * from read_parquet($files) order by all", params={"files": files}
        ).fetchall()
    return {
        "captures": captures,
        "runs": sorted(str(row) for row in lake.extraction_runs()),
        "fingerprints": inputs.loads_of(places),
        "committed": lake.committed_loads("bitrix24"),
        "newest": lake.newest_loads(),
    }


def parquet_files(places: Places) -> list[Path]:
    """Every Parquet file of the lake."""
    return sorted(places.lake.rglob("*.parquet"))
