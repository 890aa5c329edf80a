"""Runs that Dagster's daemon starts: they reach publication, and the news of it reach a webhook."""

from __future__ import annotations

import json
import time
import urllib.request
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest
import yaml

from orchestration.assets.nightly import KEYS
from orchestration.job import instance_of
from orchestration.places import Places
from simulator.server import serve
from simulator.world import make_world
from tests.alerts.servers import Webhook, serve_hook
from tests.orchestration.test_up import await_daemons, await_start, free_port, served

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.server import RunningPortal

RUN_SECONDS = 1200.0
LAUNCH = """mutation launch($selector: JobOrPipelineSelector!) {
  launchRun(executionParams: {selector: $selector}) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
  }
}"""
STATUS = """query status($run: ID!) { runOrError(runId: $run) { ... on Run { status } } }"""
REPOSITORY = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }"
ENDED = {"SUCCESS", "FAILURE", "CANCELED"}


def ask(port: int, query: str, **variables: Any) -> Any:
    """What the UI asks of its server when somebody clicks."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        data=json.dumps({"query": query, "variables": variables}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  our own server
        return json.load(answer)["data"]


def run_job(port: int, job: str) -> str:
    """Launch a job as its button does, and wait for its end; how it ended."""
    [repository] = ask(port, REPOSITORY)["repositoriesOrError"]["nodes"]
    selector = {
        "repositoryLocationName": repository["location"]["name"],
        "repositoryName": repository["name"],
        "jobName": job,
    }
    launched = ask(port, LAUNCH, selector=selector)["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    give_up_at = time.monotonic() + RUN_SECONDS
    while True:
        status: str = ask(port, STATUS, run=launched["run"]["runId"])["runOrError"]["status"]
        if status in ENDED:
            return status
        assert time.monotonic() < give_up_at, status
        time.sleep(2)


def write_settings(folder: Path, portals: dict[str, RunningPortal], hook: Webhook) -> dict[str, str]:
    """Connections and alerts of a home; where they lie."""
    listed = [
        {"name": name, "requests_per_second": 1000} | portal.connection_settings
        for name, portal in portals.items()
    ]
    reporting = {"currency": "EUR", "timezone": "Europe/Berlin"}
    alerts = {
        "channels": {"chat": f"json://127.0.0.1:{hook.port}"},
        "routes": [{"name": "everything", "to": "analyst", "channel": "chat"}],
    }
    connections, routes = folder / "portals.yml", folder / "alerts.yml"
    connections.write_text(yaml.safe_dump({"reporting": reporting, "connections": listed}))
    routes.write_text(yaml.safe_dump(alerts))
    return {"DEALHOUSE_CONNECTIONS": str(connections), "DEALHOUSE_ALERTS": str(routes)}


@pytest.mark.exhaustive
def test_a_cycle_and_a_night_reach_publication_and_tell_what_is_new(tmp_path: Path) -> None:
    hook = Webhook()
    with ExitStack() as stack:
        stack.callback(serve_hook(hook).shutdown)
        portals = {
            name: stack.enter_context(
                serve(make_world(seed, 0.02), crm, quota_factor=100_000, latency_seconds=0)
            )
            for name, crm, seed in (("north", "bitrix24", 3), ("south", "hubspot", 4))
        }
        settings = write_settings(tmp_path, portals, hook)
        port, places = free_port(), Places(tmp_path / "data")
        process = stack.enter_context(served(tmp_path, port, settings))
        await_start(process, tmp_path)
        await_daemons(port)
        assert run_job(port, "cycle") == "SUCCESS"
        first, told = places.served_database.resolve(), len(hook.messages)
        assert first.exists()
        assert told == 1  # the first look is one summary
        for portal in portals.values():
            portal.advance(5)
        assert run_job(port, "nightly") == "SUCCESS"
        assert places.served_database.resolve() != first
        assert len(hook.messages) == told + 1
        with instance_of(places) as instance:
            assert all(instance.get_latest_materialization_event(key) for key in KEYS)
            failed = instance.get_runs_count(dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE]))
        assert failed == 0
