"""A cycle as one run of the Dagster job in this process, told on the terminal."""

from __future__ import annotations

import os
import sys
import time
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

from extract.core import locks
from extract.core.errors import DealhouseError
from extract.core.files import private_folder
from orchestration.alerts.routes import load_alerts
from orchestration.console import FAILURE, SUCCESS, cells, err, out, plain_table
from orchestration.extraction import Extracted, wanted_connections
from orchestration.reconciling import reconcile_after

if TYPE_CHECKING:
    from collections.abc import Callable

    import dagster as dg

    from orchestration.cycle import Cycle

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class RunError(DealhouseError):
    """The run cannot go on."""


def run_cycle(cycle: Cycle) -> int:
    """Run one cycle and tell what it did; the exit code."""
    started = time.monotonic()
    alert = _alerting(cycle)
    names = [connection.name for connection in wanted_connections(cycle.settings, cycle.wish.connections)]
    try:
        with locks.hold(cycle.places.locks, [locks.WAREHOUSE, *names]):
            # Dagster needs half a minute to note that each of some four hundred assets is as it was.
            if not cycle.finds_nothing_new():
                _refuse_nothing(cycle)
                _execute(cycle)
    except DealhouseError as error:
        alert(cycle, error)
        raise
    except Exception as error:
        # What breaks before or beside a step, such as a full disk, is told like a step that breaks.
        broken = _broken(cycle)
        alert(cycle, broken)
        raise broken from error
    finally:
        cycle.close()
    tell(cycle, time.monotonic() - started)
    reconcile_after(cycle)
    alert(cycle, None)
    return FAILURE if cycle.extracted.complaints else SUCCESS


def _alerting(cycle: Cycle) -> Callable[[Cycle, DealhouseError | None], None]:
    """How the end of the run is told; a mistake in alerts.yml is an error before anything is read."""
    # Whoever tries the demo has not asked for letters about it; whoever has no alerts need not wait for them.
    if cycle.settings_file is not None or load_alerts() is None:
        return lambda _cycle, _error: None
    from orchestration.alerts.after_run import alert_after  # noqa: PLC0415
    from orchestration.alerts.channels import checked_alerts  # noqa: PLC0415

    checked_alerts()
    return alert_after


def _refuse_nothing(cycle: Cycle) -> None:
    """A first run that could read nothing would build and publish a warehouse of nothing."""
    if cycle.has_read_nothing_ever():
        tell_extraction(cycle.extracted)
        raise RunError(
            "Nothing could be read, and nothing was read before.",
            "",
            "Mend what is named above; `dealhouse connect` tries every connection.",
        )


def _execute(cycle: Cycle) -> None:
    # Seconds, for which a wrong setting need not wait.
    from orchestration.assets.beginning import JOB  # noqa: PLC0415
    from orchestration.job import instance_of, make_definitions  # noqa: PLC0415
    from orchestration.service.runs import PROCESS_TAG  # noqa: PLC0415

    private_folder(cycle.places.home)
    job = make_definitions(cycle).resolve_job_def(JOB)
    with instance_of(cycle.places) as instance:
        result = job.execute_in_process(
            instance=instance, raise_on_error=False, run_config=_QUIET, tags={PROCESS_TAG: str(os.getpid())}
        )
    if cycle.problem is not None:
        tell_extraction(cycle.extracted)
        raise cycle.problem
    if not result.success:
        raise _unforeseen(cycle, result)


def _broken(cycle: Cycle) -> RunError:
    log = cycle.places.logs / "run.log"
    with suppress(OSError):
        private_folder(log.parent)
        log.write_text(traceback.format_exc(), encoding="utf-8")
    why = str(sys.exception() or "").split("\n", maxsplit=1)[0]
    return RunError(f"The run failed: {why}", str(log), "The log says why; run this again when it is mended.")


def _unforeseen(cycle: Cycle, result: dg.ExecuteInProcessResult) -> RunError:
    failures = [event for event in result.all_events if event.is_step_failure]
    errors = [event.step_failure_data.error for event in failures]
    log = private_folder(cycle.places.logs) / "run.log"
    log.write_text("\n\n".join(error.to_string() for error in errors if error), encoding="utf-8")
    steps = ", ".join(str(event.step_key) for event in failures) or "dagster"
    return RunError(
        f"The run failed in {steps}.", str(log), "The log says why; run this again when it is mended."
    )


def tell(cycle: Cycle, seconds: float) -> None:
    """What the cycle brought, built and published."""
    tell_extraction(cycle.extracted)
    for finding in cycle.findings:
        if not finding.passed:
            err.print(f"[yellow]Warning:[/] {cells(finding)[0]}", soft_wrap=True)
    if cycle.outcome and cycle.outcome.results:
        results = cycle.outcome.results
        models = sum(result.unique_id.startswith("model.") for result in results)
        passed = sum(result.status == "pass" for result in results)
        out.print(f"Built {models} models, {passed} tests passed.")
    if cycle.publication:
        out.print(f"Published version {cycle.publication.run_id} in {seconds:.0f} s.")
    else:
        out.print(f"Nothing new landed: nothing was built or published ({seconds:.0f} s).")


def tell_extraction(extracted: Extracted) -> None:
    """Rows, requests and time per connection, and what could not be read."""
    if extracted.runs:
        table = plain_table("connection", ">entities", ">rows landed", ">requests", ">seconds", ">quota")
        for name in dict.fromkeys(run.connection for run in extracted.runs):
            runs = [run for run in extracted.runs if run.connection == name]
            seconds = (max(r.completed_at for r in runs) - min(r.started_at for r in runs)).total_seconds()
            shares = [run.quota_share for run in runs if run.quota_share is not None]
            table.add_row(
                *cells(
                    name, len(runs), f"{sum(r.rows for r in runs):,}", f"{sum(r.requests for r in runs):,}"
                ),
                *cells(f"{seconds:.1f}", f"{max(shares):.0%}" if shares else ""),
            )
        out.print(table)
    for remark in extracted.remarks:
        err.print(f"[yellow]Not offered:[/] {cells(remark)[0]}", soft_wrap=True)
    for complaint in extracted.complaints:
        err.print(f"[bold red]Not read:[/] {cells(complaint)[0]}", soft_wrap=True)
