"""About a million deals: built in full, with 0.1 % changed, with nothing changed; then every report."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.big_lake import BigLake, change_some, floor_seconds, make_big_lake
from benchmarks.table import print_table
from extract.core.files import private_folder
from orchestration import dbt
from orchestration.build import build, plan_of
from orchestration.places import Places
from orchestration.publication import publish
from orchestration.reports.answer import ask, list_reports
from orchestration.reports.composition import Question
from orchestration.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable

REPEATS = 20
SHARE_CHANGED = 0.001


def main() -> None:
    """Measure in one home, one thing after the other."""
    with tempfile.TemporaryDirectory() as folder:
        lake = make_big_lake(private_folder(Path(folder) / "home"))
        places = Places(lake.home.resolve())
        measure_builds(lake, places)
        publish(places, {}, None)
        measure_reports(places)


def measure_builds(lake: BigLake, places: Places) -> None:
    """Print how long each kind of build takes, beside a scan and rewrite of the same Parquet."""
    manifest = dbt.manifest(places)

    def build_what_is_new() -> None:
        build(places, manifest, Watcher(), is_full_refresh=False)

    floor = floor_seconds(lake.home)
    rows = []
    for label, share in (("everything", 0.0), ("0.1 % changed", SHARE_CHANGED), ("nothing changed", 0.0)):
        changed = change_some(lake, share) if share else 0
        seconds = _seconds(build_what_is_new)
        rows.append([label, f"{changed:,}", f"{seconds:.1f}", f"{seconds / floor:.2f}"])
    if not plan_of(places, is_full_refresh=False).is_nothing:
        raise AssertionError("the last build has left something to do")
    print_table(
        f"Build of {lake.parquet_bytes() / 1e9:.1f} GB of Parquet; the floor took {floor:.1f} s",
        ["build", "changed deals", "seconds", "time : floor"],
        rows,
    )


def measure_reports(places: Places) -> None:
    """Print the 95th percentile of each report and of the records behind it."""
    rows = []
    database = places.served_database
    for name in list_reports(database):
        for label, is_records in (("numbers", False), ("records", True)):
            question = Question((), None, None, 50)
            ask_it = _asker(database, name, question, is_records=is_records)
            cold, *warm = [_seconds(ask_it) * 1000 for _ in range(REPEATS + 1)]
            p95 = statistics.quantiles(warm, n=20)[-1]
            rows.append([name, label, f"{cold:.0f}", f"{statistics.median(warm):.0f}", f"{p95:.0f}"])
    print_table(
        "Reports over the published version, each with a connection of its own",
        ["report", "what", "first ms", "median ms", "p95 ms"],
        rows,
    )


def _asker(database: Path, name: str, question: Question, *, is_records: bool) -> Callable[[], None]:
    def ask_once() -> None:
        ask(database, name, question, is_records=is_records)

    return ask_once


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
