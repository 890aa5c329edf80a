"""All rules of data quality over a million contacts and a million deals."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from benchmarks.rule_inputs import INPUTS, made_columns
from benchmarks.table import print_table
from extract.core.files import private_folder
from extract.core.lake import Lake
from extract.core.settings import Connection, Reporting, Settings
from orchestration.extraction import source_of
from orchestration.places import PROJECT
from quality.landing import land_rules
from quality.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

CONNECTION = "one"
DBT = Path(sys.executable).parent / "dbt"
FOLDERS = [f"models/data_quality/{kind}" for kind in ("contacts", "deals", "leads", "records")]
RULES = [*FOLDERS, "int_rules", "int_enabled_rules", "int_rule_parameters", "dq_findings"]
MADE_BEFORE = [
    "stg_dealhouse__dq_rules",
    "stg_dealhouse__extraction_runs",
    "stg_dealhouse__connections",
    "int_connections",
    "int_record_type_reads",
]
# What becomes of issues afterwards.
ABOUT_LIVES = ["int_withdrawn_issues"]
SLOWEST = 12


def main(home: Path | None = None) -> None:
    """Make the inputs in a home, run the rules, and print what took how long."""
    with ExitStack() as stack:
        place = home or Path(stack.enter_context(tempfile.TemporaryDirectory())) / "home"
        place = private_folder(place).resolve()
        private_folder(place / "serving")
        _land_what_was_read(place)
        land_rules(place, load_rules().effective(_settings()))
        _dbt(place, "seed")
        _dbt(place, "run", "--select", *MADE_BEFORE)
        nodes = _nodes(place)
        for name, (count, expressions) in INPUTS.items():
            _make(place, nodes[name], count, expressions)
        began, busy = time.perf_counter(), _processor_seconds()
        _dbt(place, "run", "--select", *RULES, "--exclude", *ABOUT_LIVES)
        _print(place, time.perf_counter() - began, _processor_seconds() - busy)


def _settings() -> Settings:
    mappings = {"phone_region": "DE", "required_fields": ["job_title", "UF_CRM_CITY"]}
    told = {"name": CONNECTION, "crm": "bitrix24", "url": "http://127.0.0.1/rest/1/x/", "mappings": mappings}
    connection = Connection.model_validate(told)
    return Settings(reporting=Reporting(currency="EUR", timezone="Europe/Berlin"), connections=(connection,))


def _land_what_was_read(home: Path) -> None:
    """The settings, and a complete run of every entity: a rule is silent about what was never read."""
    settings = _settings()
    [connection] = settings.connections
    now = datetime.now(UTC).replace(tzinfo=None)
    read = {"run_id": f"{connection.name}-1", "connection": connection.name, "crm": connection.crm}
    ended = {"started_at": now, "completed_at": now, "is_complete": True, "is_required": True}
    lake = Lake(home)
    lake.land_settings(settings)
    lake.land_runs([read | ended | {"entity": entity.name} for entity in source_of(connection.crm).entities])


def _dbt(home: Path, *arguments: str) -> None:
    folders = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    outputs = ["--target-path", str(home / "target"), "--log-path", str(home / "logs")]
    subprocess.run(
        ["env", f"DEALHOUSE_HOME={home}", DBT, "--quiet", *arguments, *folders, *outputs],
        cwd=PROJECT,
        check=True,
    )


def _nodes(home: Path) -> dict[str, dict[str, Any]]:
    manifest = json.loads((home / "target" / "manifest.json").read_text(encoding="utf-8"))
    return {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}


def _make(home: Path, node: dict[str, Any], count: int, expressions: dict[str, str]) -> None:
    """Write a model that the rules read as a table of so many rows."""
    columns = {name: column["data_type"] for name, column in node["columns"].items()}
    with duckdb.connect() as database:
        database.execute(f"attach '{home / 'warehouse.duckdb'}' as warehouse")
        database.execute(f"attach '{home / 'serving' / 'next.duckdb'}' as serving")
        relation = node["relation_name"]
        database.execute(f"create schema if not exists {relation.rpartition('.')[0]}")
        listed = ", ".join(made_columns(columns, expressions))
        database.execute(f"create or replace table {relation} as select {listed} from range({count}) as t(i)")


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _print(home: Path, wall: float, busy: float) -> None:
    results = json.loads((home / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    seconds = {result["unique_id"].rpartition(".")[2]: result["execution_time"] for result in results}
    slowest = sorted(seconds.items(), key=lambda item: -item[1])[:SLOWEST]
    rows = [[name, f"{took:.1f}"] for name, took in slowest]
    print_table(
        f"All rules over {_counts()}: {wall:.1f} s ({busy:.1f} s of processors) with dbt's own start; "
        f"{_flagged(home)}",
        ["model", "seconds"],
        [*rows, ["all models, one after the other", f"{sum(seconds.values()):.1f}"]],
    )


def _counts() -> str:
    counts: Sequence[tuple[str, str]] = (("dim_contacts", "contacts"), ("fct_deal_conditions", "deals"))
    return " and ".join(f"{INPUTS[model][0]:,} {kind}" for model, kind in counts)


def _flagged(home: Path) -> str:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as database:
        query = "select count(*), count(distinct rule_id) from data_quality.dq_findings"
        [(findings, rules)] = database.execute(query).fetchall()
    return f"{findings:,} findings of {rules} rules"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
