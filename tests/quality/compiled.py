"""Rules of data quality over rows of a test: the SQL that dbt compiles, run in memory."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

PROJECT = Path(__file__).parents[2]
DBT = Path(sys.executable).parent / "dbt"
Row = dict[str, object]


@dataclass(frozen=True)
class Model:
    """A model: where its rows stand, what it reads, and its SQL."""

    name: str
    relation: str
    reads: tuple[str, ...]
    sql: str


def compile_models(folder: Path, select: str) -> dict[str, Model]:
    """The compiled models of a selection, what they stand on before themselves."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "serving").mkdir(exist_ok=True)
    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    outputs = ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    done = subprocess.run(
        [DBT, "--no-use-colors", "--quiet", "compile", "--select", select, *places, *outputs],
        env=os.environ | {"DEALHOUSE_HOME": str(folder)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    return {
        node["name"]: Model(
            node["name"],
            node["relation_name"],
            tuple(name.rpartition(".")[2] for name in node["depends_on"]["nodes"]),
            node["compiled_code"],
        )
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node.get("compiled_code")
    }


def relations(folder: Path) -> dict[str, str]:
    """The name of every seed and model as SQL writes it, by its plain name."""
    manifest = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    nodes = manifest["nodes"].values()
    return {n["name"]: n["relation_name"] for n in nodes if n["resource_type"] in ("model", "seed")}


class Rules:
    """Models of one selection over rows that a test gives."""

    def __init__(self, folder: Path, select: str) -> None:
        self.models = compile_models(folder, select)
        self.relations = relations(folder)

    def findings(self, name: str, given: dict[str, list[Row]]) -> list[Row]:
        """The rows of a model; what it reads is given, a seed, or a model of the selection."""
        with duckdb.connect() as database:
            for place in ("warehouse", "serving"):
                database.execute(f"attach ':memory:' as {place}")
            self._make(database, name, given, set())
            found = database.execute(f"select * from {self.relations[name]}")
            names = [column[0] for column in found.description]
            return [dict(zip(names, values, strict=True)) for values in found.fetchall()]

    def _make(
        self, database: duckdb.DuckDBPyConnection, name: str, given: dict[str, list[Row]], made: set[str]
    ) -> None:
        if name in made:
            return
        made.add(name)
        relation = self.relations[name]
        database.execute(f"create schema if not exists {relation.rpartition('.')[0]}")
        seed = next((PROJECT / "seeds").rglob(f"{name}.csv"), None)
        if name in given:
            _fill(database, relation, given[name])
        elif seed:
            database.execute(
                f"create table {relation} as from read_csv('{seed}', header = true, all_varchar = true)"
            )
        else:
            for read in self.models[name].reads:
                self._make(database, read, given, made)
            database.execute(f"create table {relation} as {self.models[name].sql}")


def _fill(database: duckdb.DuckDBPyConnection, relation: str, rows: list[Row]) -> None:
    columns = list(rows[0])
    types = ("bigint" if isinstance(rows[0][name], int) else "varchar" for name in columns)
    listed = ", ".join(f"{name} {kind}" for name, kind in zip(columns, types, strict=True))
    database.execute(f"create table {relation} ({listed})")
    marks = ", ".join("?" for _ in columns)
    database.executemany(f"insert into {relation} values ({marks})", [list(row.values()) for row in rows])


def labelled(rule: str) -> list[dict[str, str]]:
    """The table of a rule that people labelled by hand."""
    path = PROJECT / "tests" / "quality" / "labelled" / f"{rule}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
