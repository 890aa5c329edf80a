"""About a million deals: built in full, with 0.1 % changed, with nothing changed; then every report."""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.big_lake import BigLake, open_big_lake
from benchmarks.changes import change_some
from benchmarks.table import print_table
from extract.core.files import private_folder
from orchestration import dbt
from orchestration.build import build, plan_of
from orchestration.places import Places
from orchestration.publication import publish
from orchestration.reports.answer import ask, ask_over, list_reports, published
from orchestration.reports.composition import Question
from orchestration.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable

REPEATS = 20
SHARE_CHANGED = 0.001
QUESTION = Question((), None, None, 50)


def main(home: Path | None = None) -> None:
    """Measure in one home, one thing after the other; a home that is named is kept, and taken up again."""
    with ExitStack() as stack:
        place = home or Path(stack.enter_context(tempfile.TemporaryDirectory())) / "home"
        lake = open_big_lake(private_folder(place))
        places = Places(lake.home.resolve())
        measure_builds(lake, places)
        publish(places, {}, None)
        measure_reports(places)


def measure_builds(lake: BigLake, places: Places) -> None:
    """Print how long each kind of build takes, beside a scan and rewrite of the same Parquet."""
    manifest = dbt.manifest(places)

    def build_what_is_new() -> None:
        build(places, manifest, Watcher(), is_full_refresh=False)

    floor = lake.floor_seconds()
    rows = []
    for label, share in _builds(places):
        changed = change_some(lake.home, share) if share else {}
        seconds = _seconds(build_what_is_new)
        rows.append([label, _numbers(changed), f"{seconds:.1f}", f"{seconds / floor:.2f}"])
    if not plan_of(places, is_full_refresh=False).is_nothing:
        raise AssertionError("the last build has left something to do")
    print_table(
        f"Build of {_numbers(lake.records)}: {lake.parquet_bytes() / 1e9:.1f} GB of Parquet; "
        f"the floor took {floor:.1f} s",
        ["build", "changed", "seconds", "time : floor"],
        rows,
    )


def _builds(places: Places) -> list[tuple[str, float]]:
    """The builds to measure and the share that changes before each, but for what a kept home has built."""
    plan = plan_of(places, is_full_refresh=False)
    first = [] if plan.is_nothing else [("everything" if plan.is_full_refresh else "what was left", 0.0)]
    return [*first, (f"{SHARE_CHANGED * 100:g} % changed", SHARE_CHANGED), ("nothing changed", 0.0)]


def _numbers(records: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {kind}" for kind, number in records.items())


def measure_reports(places: Places) -> None:
    """Print the 95th percentile of each report and of the records behind it, cold and warm."""
    rows = []
    database = places.served_database
    for name in list_reports(database):
        for label, is_records in (("numbers", False), ("records", True)):
            cold = _median_and_p95(partial(ask, database, name, QUESTION, is_records=is_records))
            # Opened only now: two connections of one process share what they have read.
            with published(database) as held:
                warm = _median_and_p95(partial(ask_over, held, name, QUESTION, is_records=is_records))
            rows.append([name, label, *cold, *warm])
    print_table(
        "Reports over the published version: cold over a connection of its own, warm over one that is held",
        ["report", "what", "cold median ms", "cold p95 ms", "warm median ms", "warm p95 ms"],
        rows,
    )


def _median_and_p95(action: Callable[[], object]) -> list[str]:
    milliseconds = [_seconds(action) * 1000 for _ in range(REPEATS)]
    return [f"{statistics.median(milliseconds):.0f}", f"{statistics.quantiles(milliseconds, n=20)[-1]:.0f}"]


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
