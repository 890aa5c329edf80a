"""What piles up beside the lake: dlt's finished packages, Dagster's old runs, logs."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from orchestration.logs import rotate_all

if TYPE_CHECKING:
    from orchestration.places import Places

KEPT_RUNS = timedelta(days=7)  # an hourly run is some seven megabytes of events


def prune(places: Places) -> int:
    """Remove it; the bytes that became free. The caller holds all locks."""
    before = size_of(places)
    remove_finished_packages(places)
    _remove_old_runs(places, datetime.now(UTC) - KEPT_RUNS)
    rotate_all(places.logs)
    return max(before - size_of(places), 0)


def size_of(places: Places) -> int:
    """Bytes in the folders that are pruned."""
    folders = (places.home / "dlt", places.dagster, places.logs)
    return sum(file.lstat().st_size for folder in folders for file in folder.rglob("*") if file.is_file())


def remove_finished_packages(places: Places) -> None:
    """dlt keeps every package that it loaded; its rows are in the lake."""
    for package in (places.home / "dlt").glob("*/load/loaded/*/"):
        shutil.rmtree(package)


def _remove_old_runs(places: Places, before: datetime) -> None:
    runs = places.dagster / "history" / "runs"
    if not any(file.stat().st_mtime < before.timestamp() for file in runs.glob("*.db")):
        return
    # Seconds, for which a home without old runs need not wait.
    import dagster as dg  # noqa: PLC0415

    from orchestration.job import instance_of  # noqa: PLC0415

    with instance_of(places) as instance:
        old = [run.run_id for run in instance.get_runs(dg.RunsFilter(created_before=before))]
        for run_id in old:
            instance.delete_run(run_id)
            shutil.rmtree(places.dagster / "storage" / run_id, ignore_errors=True)
            for file in runs.glob(f"{run_id}.db*"):
                file.unlink()
