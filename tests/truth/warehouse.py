"""A warehouse over served portals: its settings, its cycles, its builds, its rows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from extract.core.cycle import extract_connection
from extract.core.lake import Lake
from extract.core.settings import load_settings
from extract.sources.bitrix24 import SOURCE as BITRIX24
from extract.sources.hubspot import SOURCE as HUBSPOT
from quality.landing import land_rules
from quality.rules import load_rules
from simulator.server import serve
from simulator.visible import visible
from tests.oracle.inputs import Connection, Reporting, Row

if TYPE_CHECKING:
    from contextlib import ExitStack
    from datetime import datetime

    from simulator.model import World
    from simulator.server import RunningPortal

PROJECT = Path(__file__).parents[2]
UNCOMMITTED = "9999999999.9"
DBT = Path(sys.executable).parent / "dbt"
SOURCES = {"bitrix24": BITRIX24, "hubspot": HUBSPOT}


@dataclass
class Served:
    """A world behind a connection."""

    name: str
    crm: str
    world: World
    closing_date: str = "history"
    repeat: str = "computed"
    has_loss_reason_field: bool = True
    captures: list[datetime] = field(default_factory=list)
    portal_url: str = ""

    def as_seen(self) -> Connection:
        """The connection as the oracle takes it."""
        portal = visible(self.world, self.crm, self.captures)
        options = self.closing_date, self.repeat, self.has_loss_reason_field
        return Connection(self.name, portal, self.portal_url, *options)

    def mappings(self, of_portal: dict[str, object]) -> dict[str, object]:
        """What its fields mean; a connection without a field of loss reasons does not name one."""
        named = {k: v for k, v in of_portal.items() if self.has_loss_reason_field or k != "loss_reason"}
        return named | {"closing_date": self.closing_date, "repeat": self.repeat}


def read_connection(settings_path: Path, name: str, home: Path) -> list[str | None]:
    """One full cycle; the errors of entities that are not complete."""
    connection = load_settings(settings_path).connection(name)
    runs = extract_connection(connection, SOURCES[connection.crm], home)
    return [run.error for run in runs if not run.is_complete]


class Portals:
    """Served worlds, and the lake that cycles over them fill."""

    def __init__(self, home: Path, served: list[Served], reporting: Reporting, stack: ExitStack) -> None:
        self.home = home
        self.served = served
        self.reporting = reporting
        self.lake = Lake(home)
        running = {
            each.name: stack.enter_context(serve(each.world, each.crm, quota_factor=1000, latency_seconds=0))
            for each in served
        }
        self.settings_path = home / "connections.yml"
        self.settings_path.write_text(yaml.safe_dump(self._settings(running)), encoding="utf-8")
        self.settings = load_settings(self.settings_path)
        for each in served:
            each.portal_url = self.settings.connection(each.name).portal_url
        self.lake.land_settings(self.settings)
        land_rules(home, load_rules().effective(self.settings))
        self.readers = stack.enter_context(ProcessPoolExecutor(2, mp_context=get_context("spawn")))

    def _settings(self, running: dict[str, RunningPortal]) -> dict[str, object]:
        connections = []
        for each in self.served:
            settings = running[each.name].connection_settings
            mappings = each.mappings(settings.get("mappings", {}))
            # The portals' quotas match; at that of a real one every cycle would wait a quarter of a minute.
            own = {"name": each.name, "mappings": mappings, "requests_per_second": 2000}
            connections.append(settings | own)
        reporting = {"currency": self.reporting.currency, "timezone": self.reporting.timezone}
        return {"reporting": reporting, "connections": connections}

    def read(self) -> None:
        """One full cycle of every connection, two at a time in processes of their own: cycles are work."""
        cycles = [
            self.readers.submit(read_connection, self.settings_path, each.name, self.home)
            for each in self.served
        ]
        errors = [error for cycle in cycles for error in cycle.result()]
        assert not errors, errors
        for each in self.served:
            each.captures.append(each.world.now)
            self._leave_an_uncommitted_load(each)

    def _leave_an_uncommitted_load(self, served: Served) -> None:
        """What a killed load leaves: a whole file that no ledger knows. Read, it would delete every deal."""
        file = self.lake.committed_files(served.crm, "deals", served.name)[0].path
        captures = pq.read_table(file)
        for name, value in (("_dlt_load_id", UNCOMMITTED), ("is_deleted", True)):
            column = captures.schema.get_field_index(name)
            values = pa.array([value] * captures.num_rows, captures.schema.field(name).type)
            captures = captures.set_column(column, name, values)
        pq.write_table(captures, file.with_name(f"{served.name}.{UNCOMMITTED}.killed.parquet"))

    def as_seen(self) -> list[Connection]:
        """All connections as the oracle takes them."""
        return [each.as_seen() for each in self.served]


@dataclass(frozen=True)
class Warehouse:
    """What dbt builds of a lake; `home` may share the lake of another one."""

    home: Path
    project: Path = PROJECT

    def share(self, other: Warehouse) -> None:
        """Use the lake of another warehouse, and what dbt has parsed there."""
        for folder in ("serving", "target"):
            (self.home / folder).mkdir(parents=True)
        (self.home / "lake").symlink_to((other.home / "lake").resolve())
        shutil.copy(other.home / "target" / "partial_parse.msgpack", self.home / "target")

    def build(self, *options: str, command: str = "build", with_tests: bool = False) -> None:
        """Run dbt, and its data tests if asked to."""
        (self.home / "serving").mkdir(parents=True, exist_ok=True)
        left_out = ["unit_test"] if with_tests else ["unit_test", "test"]
        kinds = ["--exclude-resource-type", *left_out] if command == "build" else []
        folders = ["--project-dir", str(self.project), "--profiles-dir", str(self.project)]
        places = ["--target-path", str(self.home / "target"), "--log-level-file", "none"]
        done = subprocess.run(
            [DBT, "--no-use-colors", "--quiet", command, *folders, *places, *kinds, *options],
            env=os.environ | {"DEALHOUSE_HOME": str(self.home)},
            cwd=self.project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Both database files, read only."""
        connection = duckdb.connect()
        connection.execute(f"attach '{self.home / 'warehouse.duckdb'}' as warehouse (read_only)")
        connection.execute(f"attach '{self.home / 'serving' / 'next.duckdb'}' as serving (read_only)")
        connection.execute("use serving")
        return connection

    def models(self) -> set[str]:
        """The names of all that is served."""
        with self.connect() as connection:
            found = connection.execute(
                "select table_name from information_schema.tables "
                "where table_catalog = 'serving' and table_schema in ('marts', 'data_quality')"
            )
            return {name for (name,) in found.fetchall()}

    def rows(self, model: str, condition: str = "true") -> list[Row]:
        """The rows of a mart for which a condition holds."""
        with self.connect() as connection:
            schema = "data_quality" if model.startswith("dq_") else "marts"
            found = connection.execute(f"select * from serving.{schema}.{model} where {condition}")
            names = [column[0] for column in found.description]
            return [dict(zip(names, values, strict=True)) for values in found.fetchall()]

    def everything(self) -> dict[str, Counter[tuple[object, ...]]]:
        """The rows of all models, by table; columns in order of name. Views over the lake are left out."""
        with self.connect() as connection:
            tables = connection.execute(
                "select database_name || '.' || schema_name || '.' || name from ("
                "select database_name, schema_name, table_name as name from duckdb_tables() "
                "union all "
                "select database_name, schema_name, view_name from duckdb_views() where not internal"
                ") where database_name in ('warehouse', 'serving') "
                "and schema_name not in ('bitrix24', 'hubspot', 'dealhouse')"
            ).fetchall()
            return {table: Counter(_rows_of(connection, table)) for (table,) in tables}


def _rows_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[object, ...]]:
    names = sorted(row[0] for row in connection.execute(f"describe {table}").fetchall())
    columns = ", ".join(f'cast("{name}" as varchar)' for name in names)
    return connection.execute(f"select {columns} from {table}").fetchall()
