"""When runs begin by themselves; one that waits already is not joined by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg

from extract.core.lake import Lake

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

    from orchestration.places import Places

HOURLY, NIGHTLY = "0 * * * *", "30 2 * * *"
WAITING = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING]


def make_schedules(
    places: Places, cycle: UnresolvedAssetJobDefinition, nightly: UnresolvedAssetJobDefinition
) -> list[dg.ScheduleDefinition]:
    """Every hour a cycle, every night in the reporting zone a thorough one; both on."""
    zone = Lake(places.home).reporting_timezone()
    return [
        _schedule("hourly", cycle, HOURLY, zone, "A cycle every hour. While one waits, no other is queued."),
        _schedule(
            "nightly", nightly, NIGHTLY, zone, "Every night: sweeps, all data tests, reconciliation, care."
        ),
    ]


def _schedule(
    name: str, job: UnresolvedAssetJobDefinition, cron: str, zone: str, description: str
) -> dg.ScheduleDefinition:
    def evaluate(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        waiting = context.instance.get_runs_count(dg.RunsFilter(job_name=job.name, statuses=WAITING))
        if waiting:
            return dg.SkipReason(f"A run of {job.name} is waiting already; it will read what is new by then.")
        return dg.RunRequest()

    return dg.ScheduleDefinition(
        name=name,
        job=job,
        cron_schedule=cron,
        execution_timezone=zone,
        execution_fn=evaluate,
        description=description,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
