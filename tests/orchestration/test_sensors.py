"""Sensors evaluate: what failed, what grew stale, and what passes by itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest
from pydantic import SecretStr

from extract.core.errors import DealhouseError, TransientError
from extract.core.lake import Lake
from extract.core.settings import Connection, Reporting, Settings
from orchestration.assets.problems import told
from orchestration.audit import AuditError
from orchestration.cycle import Cycle
from orchestration.places import Places
from orchestration.sensors import make_sensors, problems_of, stale_since
from orchestration.service.runs import PROCESS_TAG, close_dead_runs, close_runs_of_service

NOW = datetime.now(UTC)


def land_run(places: Places, name: str, age: timedelta, *, is_complete: bool = True) -> None:
    started = (NOW - age).replace(tzinfo=None)
    run = {"run_id": f"{name}-{started:%Y%m%dT%H%M%S%f}", "connection": name, "crm": "hubspot"}
    read = {"entity": "deals", "started_at": started, "completed_at": started, "is_complete": is_complete}
    Lake(places.home).land_runs([run | read | {"is_full_cycle": True, "rows": 0, "requests": 1}])


@pytest.fixture
def connected(places: Places) -> Places:
    """A home with two connections."""
    connections = tuple(
        Connection(name=name, crm="hubspot", url=SecretStr("https://api.example"), token=SecretStr("t"))
        for name in ("us", "eu")
    )
    reporting = Reporting(currency="EUR", timezone="Europe/Berlin")
    Lake(places.home).land_settings(Settings(reporting=reporting, connections=connections))
    return places


def test_a_source_is_stale_from_its_last_complete_cycle_on(connected: Places) -> None:
    land_run(connected, "us", timedelta(hours=30))
    land_run(connected, "us", timedelta(hours=1), is_complete=False)
    land_run(connected, "eu", timedelta(hours=23))
    assert list(stale_since(connected, NOW)) == ["us"]


def test_a_source_that_was_never_read_is_stale_from_its_first_try_on(connected: Places) -> None:
    land_run(connected, "us", timedelta(hours=30), is_complete=False)
    land_run(connected, "eu", timedelta(hours=2), is_complete=False)
    assert list(stale_since(connected, NOW)) == ["us"]


def test_the_freshness_sensor_evaluates_and_remembers_what_it_told(connected: Places) -> None:
    land_run(connected, "us", timedelta(hours=30))
    [_, sensor] = make_sensors(connected)
    first = sensor.evaluate_tick(dg.build_sensor_context())
    assert "us since" in (first.skip_message or "")
    assert "us" in (first.cursor or "")
    second = sensor.evaluate_tick(dg.build_sensor_context(cursor=first.cursor))
    assert second.cursor == first.cursor


def failing_run(
    places: Places, error: DealhouseError | ValueError, retries: int = 0, tags: dict[str, str] | None = None
) -> tuple[dg.ExecuteInProcessResult, list[Any], int]:
    """A run whose only step fails: what it came to, the problems that the sensor sees, and the tries."""
    cycle = Cycle(places.home, retries=retries, seconds_between_tries=0)
    tries = []

    @dg.asset
    def failing(context: dg.AssetExecutionContext) -> None:
        with told(cycle, context):
            tries.append(1)
            raise error

    definitions = dg.Definitions(assets=[failing], jobs=[dg.define_asset_job("cycle", selection=[failing])])
    job = definitions.resolve_job_def("cycle")
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False, tags=tags)
        context = dg.build_run_status_sensor_context(
            sensor_name="failed_runs",
            dagster_event=result.get_run_failure_event(),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        ).for_run_failure()
        [sensor, _] = make_sensors(places)
        sensor(context)
        return result, problems_of(context), len(tries)


def test_a_refused_publication_is_told_as_such(places: Places) -> None:
    result, [problem], _ = failing_run(places, AuditError("row_drop: mart fct_deals", "next.duckdb", "Look."))
    assert not result.success
    assert (problem.kind, problem.subject) == ("publication_refused", "next.duckdb")
    assert problem.text == "row_drop: mart fct_deals"


def test_an_unforeseen_failure_is_told_with_its_step(places: Places) -> None:
    _, [problem], tries = failing_run(places, ValueError("of a kind"), retries=2)
    assert (problem.kind, problem.subject, tries) == ("run_failed", "failing", 1)
    assert "of a kind" in problem.text


@pytest.mark.parametrize(
    ("error", "tries"),
    [(TransientError("The portal does not answer."), 3), (DealhouseError("A wrong setting."), 1)],
)
def test_only_what_may_pass_is_tried_again(places: Places, error: DealhouseError, tries: int) -> None:
    assert failing_run(places, error, retries=2)[2] == tries


def test_runs_left_behind_block_no_queue(places: Places) -> None:
    @dg.job
    def nothing() -> None:
        """A run that never ended."""

    with dg.DagsterInstance.ephemeral() as instance:
        of_service = instance.create_run_for_job(nothing, status=dg.DagsterRunStatus.STARTED)
        killed = instance.create_run_for_job(
            nothing, status=dg.DagsterRunStatus.STARTED, tags={PROCESS_TAG: "999999999"}
        )
        assert close_dead_runs(instance, places) == [killed.run_id]
        assert close_runs_of_service(instance, "stopped") == [of_service.run_id]
        assert instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])) == []
