"""Runs whose process has ended without a word: they would block the queue for ever."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import dagster as dg

from extract.core import locks

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.places import Places

PROCESS_TAG = "dealhouse/process"
"""The process of a run that was started from a terminal; those of the service have none."""
UNFINISHED = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
CHECK_SECONDS = 0.2


def close_runs_of_service(instance: dg.DagsterInstance, reason: str) -> list[str]:
    """End what the books say the service runs, which is not running now; the ids."""
    runs = [run for run in _unfinished(instance) if PROCESS_TAG not in run.tags]
    for run in runs:
        instance.report_run_canceled(run, message=reason)
    return [run.run_id for run in runs]


def close_dead_runs(instance: dg.DagsterInstance, places: Places) -> list[str]:
    """End runs from terminals whose process is gone; the ids."""
    runs = [run for run in _unfinished(instance) if not _is_alive(run, places)]
    for run in runs:
        instance.report_run_failed(run, message="The process of this run ended before the run did.")
    return [run.run_id for run in runs]


def stop_runs(instance: dg.DagsterInstance, seconds: float, is_urgent: Callable[[], bool]) -> None:
    """Ask the runs of the service to end, and wait for them."""
    runs = [run for run in _unfinished(instance) if PROCESS_TAG not in run.tags]
    for run in runs:
        instance.run_launcher.terminate(run.run_id)
    give_up_at = time.monotonic() + seconds
    while runs and time.monotonic() < give_up_at and not is_urgent():
        time.sleep(CHECK_SECONDS)
        known = [instance.get_run_by_id(run.run_id) for run in runs]
        runs = [run for run in known if run is not None and not run.is_finished]


def _unfinished(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    return list(instance.get_runs(dg.RunsFilter(statuses=UNFINISHED)))


def _is_alive(run: dg.DagsterRun, places: Places) -> bool:
    """A run from a terminal holds the warehouse from its beginning to its end, and the lock names it."""
    process = run.tags.get(PROCESS_TAG)
    if process is None:
        return True
    holder = locks.holder_of(places.locks, locks.WAREHOUSE)
    return holder is not None and str(holder.pid) == process and _exists(holder.pid)


def _exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
