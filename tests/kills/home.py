"""A data home whose runs can be killed, beside the portals that feed it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import yaml

from orchestration.places import PROJECT
from tests.truth.warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simulator.server import RunningPortal

# A build that is published by a later run is as old as its own reading; so are these.
OF_THE_READING = ("seconds_in_stage", "seconds_since_created", "issue_status", "days_seen")
Rows = dict[str, list[tuple[object, ...]]]
IN_LAKE = "read_parquet('{lake}/{crm}/{entity}/*.parquet', union_by_name = true)"
COMMITTED = (
    "read_json('{lake}/{crm}/_dlt_loads/*.jsonl', columns = {{load_id: 'varchar', schema_name: 'varchar'}})"
)


@dataclass(frozen=True)
class Home:
    """One home and its connections file."""

    folder: Path
    connections: Path

    def run(self, *arguments: str) -> None:
        """Run a command to its end."""
        done = self._start([sys.executable, "-m", "tests.kills.command", *arguments])
        assert done.returncode == 0, done.stdout + done.stderr

    def run_killed(self, point: str, nth: int, *arguments: str) -> bool:
        """Run a command that dies at the nth moment of a point; whether it got there."""
        done = self._start([sys.executable, "-m", "tests.kills.victim", point, str(nth), *arguments])
        assert done.returncode in {0, -signal.SIGKILL}, done.stdout + done.stderr
        return done.returncode != 0

    def _start(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        places = {"DEALHOUSE_HOME": str(self.folder), "DEALHOUSE_CONNECTIONS": str(self.connections)}
        return subprocess.run(
            command,
            cwd=PROJECT,
            env=os.environ | places,
            capture_output=True,
            text=True,
            start_new_session=True,
            check=False,
        )

    def captures(self, crm: str, entity: str) -> list[tuple[object, ...]]:
        """Every committed capture, in order."""
        places = {"lake": self.folder / "lake", "crm": crm, "entity": entity}
        query = f"""
            select connection, id, payload, is_deleted from {IN_LAKE.format(**places)}
            semi join {COMMITTED.format(**places)} as loads
                on loads.load_id = _dlt_load_id and loads.schema_name = connection
            order by connection, id, extracted_at, _dlt_load_id
        """
        with duckdb.connect() as database:
            return database.execute(query).fetchall()

    def served(self) -> duckdb.DuckDBPyConnection:
        """The published database, as a BI tool opens it."""
        return duckdb.connect(str(self.folder / "serving" / "dealhouse.duckdb"), read_only=True)

    def served_rows(self) -> Rows:
        """Every published table."""
        return rows_of(self.folder / "serving" / "dealhouse.duckdb")

    def rebuilt_rows(self, folder: Path) -> Rows:
        """Every table that another warehouse holds, built from nothing over the same lake."""
        folder.mkdir()
        (folder / "lake").symlink_to(self.folder / "lake")
        Warehouse(folder).build()
        return rows_of(folder / "serving" / "next.duckdb")


def rows_of(database: Path) -> Rows:
    """The rows of every mart that holds data of the CRMs, in a fixed order, without what a reading moves."""
    columns = f"columns(lambda name: name not in {OF_THE_READING})"
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables"
            " where table_schema = 'marts' and table_name <> 'publications' order by 1"
        ).fetchall()
        return {
            name: connection.execute(f"select {columns} from marts.{name} order by all").fetchall()
            for (name,) in names
        }


def make_home(
    folder: Path, portals: dict[str, RunningPortal], entities: dict[str, list[str]] | None = None
) -> Home:
    """A home of its own for these portals, from which only these entities of each CRM are read."""
    folder.mkdir()
    connections = folder / "connections.yml"
    reporting = {"currency": "EUR", "timezone": "Europe/Berlin"}
    listed = [
        {"name": name, "requests_per_second": 5000}
        | portal.connection_settings
        | ({"entities": entities[portal.crm]} if entities else {})
        for name, portal in portals.items()
    ]
    connections.write_text(yaml.safe_dump({"reporting": reporting, "connections": listed}), encoding="utf-8")
    return Home(folder / "home", connections)
