"""Loads of deals landed by hand, and what a build would have noted of them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extract.core.files import atomic_write_parquet
from extract.core.lake import CAPTURE_SCHEMA, Lake
from orchestration import build_record, inputs, landed_check
from orchestration.build_record import Build

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestration.cycle import Cycle
    from orchestration.places import Places

READ_AT = datetime.fromisoformat("2026-03-01 12:00")
COMPILED = "stg_hubspot__deals.sql"


def land(places: Places, load_id: str, payloads: Mapping[str, dict[str, Any] | None]) -> None:
    """One committed load of HubSpot deals of `us`: payloads by id; None is a tombstone."""
    rows = [
        {
            "connection": "us",
            "id": native_id,
            "modified_at": READ_AT,
            "payload": json.dumps(payload or {}),
            "extracted_at": READ_AT,
            "is_deleted": payload is None,
        }
        for native_id, payload in payloads.items()
    ]
    table = pa.Table.from_pylist(rows, CAPTURE_SCHEMA)
    table = table.append_column("_dlt_load_id", pa.array([load_id] * len(rows)))
    atomic_write_parquet(table, places.lake / "hubspot" / "deals", f"us.{load_id}")
    commit = places.lake / "hubspot" / "_dlt_loads" / f"us__{load_id}.jsonl"
    commit.parent.mkdir(parents=True, exist_ok=True)
    commit.write_text(json.dumps({"load_id": load_id, "schema_name": "us", "status": 0}) + "\n")
    run = {
        "run_id": "us-1",
        "connection": "us",
        "crm": "hubspot",
        "entity": "deals",
        "rows": 1,
        "requests": 1,
    }
    ended = {"started_at": READ_AT, "completed_at": READ_AT, "is_complete": True, "is_full_cycle": True}
    Lake(places.home).land_runs([run | ended | {"error": None}])


def small_manifest(places: Places) -> dict[str, Any]:
    """The manifest of one staging model, compiled, that reads `amount`."""
    source, model = "source.dealhouse.hubspot.deals", "model.dealhouse.stg_hubspot__deals"
    node = {
        "resource_type": "model",
        "package_name": "dealhouse",
        "original_file_path": COMPILED,
        "depends_on": {"nodes": [source]},
    }
    compiled = places.dbt / "compiled" / "dealhouse" / COMPILED
    compiled.parent.mkdir(parents=True, exist_ok=True)
    compiled.write_text('select unnest(from_json(properties, \'{"amount":"VARCHAR"}\'))')
    return {"nodes": {model: node}, "sources": {source: {"source_name": "hubspot", "name": "deals"}}}


def pretend_built(cycle: Cycle) -> None:
    """Note what a build over the lake as it is would have noted."""
    record = build_record.read_record(cycle.places)
    built = Build("built", inputs.read_inputs(cycle.places), record.counted)
    build_record.record_success(cycle.places, built, ())
    landed_check.accept_shapes(cycle.places, cycle.shapes)
