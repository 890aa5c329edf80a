"""Who looks whether all is well, and tells operators when it is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import dagster as dg

from extract.core.lake import Lake
from orchestration import inputs
from orchestration.assets.problems import KIND, RUN_FAILED, SUBJECT, TEXT
from orchestration.service.runs import PROCESS_TAG
from quality.thresholds import read_thresholds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestration.alerts.problems import Problem
    from orchestration.places import Places

FAILURES_SECONDS, FRESHNESS_SECONDS = 30, 600
STALE = "source_stale"


def make_sensors(places: Places) -> list[dg.SensorDefinition]:
    """One for runs that fail, one for sources that nobody has read for too long; both on."""
    return [_failed_runs(places), _stale_sources(places)]


def _failed_runs(places: Places) -> dg.SensorDefinition:
    @dg.run_failure_sensor(
        name="failed_runs",
        minimum_interval_seconds=FAILURES_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells operators of a run that failed or refused to publish, and of one that was killed.",
    )
    def failed_runs(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
        # Libraries of alerts, for which loading the definitions need not wait.
        from orchestration.alerts.sending import send_news  # noqa: PLC0415

        problems = problems_of(context)
        if problems and PROCESS_TAG in context.dagster_run.tags:
            return dg.SkipReason("The terminal that it was started from has told this.")
        send_news(places, problems or [_unforeseen(context)])
        return None

    return failed_runs


def problems_of(context: dg.RunFailureSensorContext) -> list[Problem]:
    """What the failed steps said."""
    from orchestration.alerts.problems import Problem  # noqa: PLC0415

    found = []
    for event in context.get_step_failure_events():
        told = event.step_failure_data.user_failure_data
        if told is not None and KIND in told.metadata:
            found.append(Problem(*(str(told.metadata[name].value) for name in (KIND, SUBJECT, TEXT))))
        else:
            error = event.step_failure_data.error
            reason = (error.cause or error).message.strip() if error else ""
            found.append(Problem(RUN_FAILED, str(event.step_key), reason))
    return found


def _unforeseen(context: dg.RunFailureSensorContext) -> Problem:
    from orchestration.alerts.problems import Problem  # noqa: PLC0415

    return Problem(RUN_FAILED, context.dagster_run.job_name, context.failure_event.message or "")


def _stale_sources(places: Places) -> dg.SensorDefinition:
    @dg.sensor(
        name="stale_sources",
        minimum_interval_seconds=FRESHNESS_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells operators of a connection that was not read completely for longer than expected,"
        " once until it was.",
    )
    def stale_sources(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        from orchestration.alerts.problems import Problem  # noqa: PLC0415
        from orchestration.alerts.sending import send_news  # noqa: PLC0415

        stale = stale_since(places, datetime.now(UTC))
        state = json.dumps({name: moment.isoformat() for name, moment in stale.items()})
        if state != (context.cursor or "{}"):
            send_news(places, [Problem(STALE, name) for name in stale], {STALE})
            context.update_cursor(state)
        named = ", ".join(f"{name} since {moment:%Y-%m-%d %H:%M} UTC" for name, moment in stale.items())
        return dg.SkipReason(f"Stale: {named}." if stale else "Every connection was read lately.")

    return stale_sources


def stale_since(places: Places, now: datetime) -> Mapping[str, datetime]:
    """The active connections whose last complete cycle is too old, and when that was."""
    limit = timedelta(hours=read_thresholds().landed.freshness.hours)
    return {name: moment for name, moment in _last_read(places).items() if now - moment > limit}


def _last_read(places: Places) -> dict[str, datetime]:
    """Per active connection the start of its last complete cycle, or of its first try."""
    lake = Lake(places.home)
    active = {name for name, row in lake.landed_connections().items() if row["is_active"]}
    first_tried: dict[str, datetime] = {}
    for row in lake.extraction_runs():
        first_tried.setdefault(row["connection"], row["started_at"])
    moments = {**first_tried, **inputs.data_as_of(places)}
    return {name: moment.replace(tzinfo=UTC) for name, moment in sorted(moments.items()) if name in active}
