"""Schedules tick without a clock of their own, and do not pile runs up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import dagster as dg
import pytest
from pydantic import SecretStr

from extract.core.lake import Lake
from extract.core.settings import Connection, Reporting, Settings
from orchestration.job import instance_of
from orchestration.schedules import make_schedules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.places import Places

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def small_definitions(places: Places) -> dg.Definitions:
    """The schedules over jobs of one asset each."""

    @dg.asset
    def first() -> None:
        """Anything."""

    @dg.asset(deps=[first])
    def second() -> None:
        """Anything more."""

    cycle = dg.define_asset_job("cycle", selection=[first])
    nightly = dg.define_asset_job("nightly", selection=[first, second])
    schedules = make_schedules(places, cycle, nightly)
    return dg.Definitions(assets=[first, second], jobs=[cycle, nightly], schedules=schedules)


@pytest.fixture
def instance(places: Places) -> Iterator[dg.DagsterInstance]:
    with instance_of(places) as opened:
        yield opened


def tick(places: Places, instance: dg.DagsterInstance, name: str = "hourly") -> dg.RunRequest | str:
    """The run that a tick asks for, or why it asks for none."""
    definitions = small_definitions(places)
    repository = definitions.get_repository_def()
    with dg.build_schedule_context(
        instance=instance, scheduled_execution_time=NOW, repository_def=repository
    ) as context:
        data = definitions.resolve_schedule_def(name).evaluate_tick(context)
    if not data.run_requests:
        return data.skip_message or ""
    [request] = data.run_requests
    return request


def add_run(
    places: Places, instance: dg.DagsterInstance, status: dg.DagsterRunStatus, job: str = "cycle"
) -> None:
    definition = small_definitions(places).resolve_job_def(job)
    instance.create_run_for_job(definition, status=status)


def test_a_tick_asks_for_a_run(places: Places, instance: dg.DagsterInstance) -> None:
    assert isinstance(tick(places, instance), dg.RunRequest)
    assert isinstance(tick(places, instance, "nightly"), dg.RunRequest)


def test_a_tick_during_a_long_run_queues_one(places: Places, instance: dg.DagsterInstance) -> None:
    add_run(places, instance, dg.DagsterRunStatus.STARTED)
    assert isinstance(tick(places, instance), dg.RunRequest)


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING])
def test_a_tick_while_one_waits_queues_no_other(
    places: Places, instance: dg.DagsterInstance, status: dg.DagsterRunStatus
) -> None:
    add_run(places, instance, dg.DagsterRunStatus.STARTED)
    add_run(places, instance, status)
    assert "waiting already" in str(tick(places, instance))
    assert isinstance(tick(places, instance, "nightly"), dg.RunRequest)


def test_one_run_at_a_time_and_no_telemetry(places: Places, instance: dg.DagsterInstance) -> None:
    queue = instance.get_concurrency_config().run_queue_config
    assert queue is not None
    assert queue.max_concurrent_runs == 1
    assert not instance.telemetry_enabled
    assert str(places.dagster) in instance.root_directory


def test_the_night_is_that_of_the_reporting_zone(places: Places) -> None:
    connection = Connection(
        name="us", crm="hubspot", url=SecretStr("https://api.example"), token=SecretStr("t")
    )
    reporting = Reporting(currency="EUR", timezone="Asia/Tehran")
    Lake(places.home).land_settings(Settings(reporting=reporting, connections=(connection,)))
    schedule = small_definitions(places).resolve_schedule_def("nightly")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("30 2 * * *", "Asia/Tehran")
