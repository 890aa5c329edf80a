"""`python -m quality.checkpoints landed|publication REQUEST`: one checkpoint, its result as JSON on stdout.

A process of its own: DuckDB refuses a reader beside an open writer. Great Expectations takes many seconds to
import, so `python -m quality.checkpoints serve` does that once and then answers a request per line of stdin.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb

from quality import landed, publication
from quality.great_expectations_run import run_checkpoint
from quality.thresholds import read_thresholds

if TYPE_CHECKING:
    from types import TracebackType

    from quality.expectation import Expectation

DONE, FAILED, MISUSED = 0, 1, 2


def main(arguments: list[str]) -> int:
    """Run the checkpoint that the arguments name."""
    kind, request_file, docs, *_ = [*arguments, "", "", ""]
    if kind == "serve":
        return serve()
    if kind not in RUNNERS or not request_file:
        sys.stderr.write("usage: python -m quality.checkpoints landed|publication REQUEST [DOCS_FOLDER]\n")
        return MISUSED
    request = json.loads(Path(request_file).read_text(encoding="utf-8"))
    _answer(kind, request, docs)
    return DONE


def serve() -> int:
    """Answer requests `{"kind", "request", "docs"}` until standard input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        _answer(asked["kind"], asked["request"], asked["docs"])
    return DONE


def _answer(kind: str, request: dict[str, Any], docs: str) -> None:
    with redirect_stdout(sys.stderr):
        result = RUNNERS[kind](request, Path(docs) if docs else None)
    sys.stdout.write(json.dumps(result, default=str) + "\n")
    sys.stdout.flush()


def run_landed(content: dict[str, Any], docs: Path | None = None) -> dict[str, Any]:
    """The checkpoint on what was landed; beside its results the live rows and the shapes that it saw."""
    request = landed.LandedRequest(**content)
    lake, limits = Path(request.lake), read_thresholds().landed
    with TemporaryDirectory(prefix="dealhouse-") as folder:
        measured = Path(folder) / "measured.duckdb"
        with duckdb.connect(str(measured)) as database:
            live_rows, shapes = landed.measure(request, lake, limits, database)
        wanted = landed.expectations(request, lake, limits)
        results = _run("landed", measured, wanted, docs)
        return {"results": results, "live_rows": live_rows, "shapes": shapes}


def run_publication(content: dict[str, Any], docs: Path | None = None) -> dict[str, Any]:
    """The checkpoint before publication."""
    request = publication.PublicationRequest(**content)
    wanted = publication.expectations(request, read_thresholds().publication)
    return {"results": _run("publication", Path(request.candidate), wanted, docs)}


def _run(name: str, database: Path, wanted: list[Expectation], docs: Path | None) -> list[dict[str, Any]]:
    return run_checkpoint(name, database, wanted, docs) if wanted else []


RUNNERS = {"landed": run_landed, "publication": run_publication}


def _leave(code: int) -> None:
    """End at once: duckdb-engine leaves references that DuckDB complains about at an orderly exit."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _tell_and_leave(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.__excepthook__(kind, error, trace)
    _leave(FAILED)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.excepthook = _tell_and_leave
    _leave(main(sys.argv[1:]))
