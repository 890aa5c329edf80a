"""`python -m tests.dbt.compile_for_spark`: every model compiled in Spark's dialect must parse as Spark SQL.

dbt-spark asks the server which relations exist before it compiles an incremental model, so by itself it
cannot compile without a connection. The connection here is one that answers every question with nothing.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import sqlglot
from dbt.adapters.contracts.connection import ConnectionState
from dbt.adapters.spark import connections
from dbt.cli.main import dbtRunner

PROJECT = Path(__file__).resolve().parents[2]


class SilentServer:
    """A cursor to a server that holds nothing."""

    description: tuple[tuple[Any, ...], ...] = ()

    def cursor(self) -> SilentServer:
        """Itself: it keeps no state."""
        return self

    def execute(self, *_arguments: Any) -> None:
        """Accept any statement."""

    def fetchall(self) -> list[Any]:
        """Answer with nothing."""
        return []

    def close(self) -> None:
        """Nothing is held."""


def open_nothing(connection: Any) -> Any:
    """Stand in for SparkConnectionManager.open."""
    connection.handle, connection.state = SilentServer(), ConnectionState.OPEN
    return connection


def compile_models(target: Path) -> list[tuple[str, str]]:
    """(file, compiled SQL) of every model."""
    connections.SparkConnectionManager.open = staticmethod(open_nothing)  # type: ignore[method-assign]
    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(target)]
    outcome = dbtRunner().invoke(
        ["--quiet", "compile", "--target", "spark", "--log-path", str(target), *places]
    )
    if not outcome.success:
        raise SystemExit(f"dbt could not compile for Spark: {outcome.exception or outcome.result}")
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    models = (node for node in manifest["nodes"].values() if node["resource_type"] == "model")
    return [(node["original_file_path"], node["compiled_code"]) for node in models]


def main() -> int:
    """Print what does not parse; 1 if anything does not."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DEALHOUSE_HOME", folder)
        compiled = compile_models(Path(folder))
    broken = 0
    for file, code in compiled:
        try:
            sqlglot.parse_one(code, dialect="spark")
        except sqlglot.errors.SqlglotError as error:
            broken += 1
            sys.stderr.write(f"{file}: {error}\n")
    sys.stdout.write(f"{len(compiled)} models compiled for Spark, {broken} do not parse.\n")
    return 1 if broken or not compiled else 0


if __name__ == "__main__":
    sys.exit(main())
