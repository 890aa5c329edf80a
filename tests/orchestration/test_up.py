"""`dealhouse up`, really started: the UI answers, schedules and sensors are on, a signal ends all of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.places import PROJECT, Places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SETTINGS = """
reporting: {currency: EUR, timezone: Europe/Berlin}
connections:
  - {name: us, crm: hubspot, url: "http://127.0.0.1:9", token: none}
"""
START_SECONDS, STOP_SECONDS = 600.0, 90.0
QUERY = """{
  repositoriesOrError {
    ... on RepositoryConnection {
      nodes {
        location { name }
        jobs { name }
        schedules { name scheduleState { status } }
        sensors { name sensorState { status } }
      }
    }
  }
  instance { daemonHealth { allDaemonStatuses { daemonType required healthy } } }
}"""
DAEMONS = {"SCHEDULER", "SENSOR", "QUEUED_RUN_COORDINATOR"}


@contextmanager
def served(
    home: Path, port: int, settings: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    (home / "connections.yml").write_text(SETTINGS, encoding="utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
        "DEALHOUSE_HOME": str(home / "data"),
        **(settings or {}),
    }
    with (home / "up.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "orchestration.cli", "up", "--port", str(port)],
            cwd=home,
            env=environment,
            stdout=log,
            stderr=log,
            text=True,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(port: int) -> dict[str, Any]:
    """What the UI asks of its server."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        data=json.dumps({"query": QUERY}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  our own server
        content: dict[str, Any] = json.load(answer)["data"]
        return content


def await_start(process: subprocess.Popen[str], home: Path) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while "Dagster is up" not in (home / "up.log").read_text():
        assert process.poll() is None, (home / "up.log").read_text()
        assert time.monotonic() < give_up_at, "it does not start"
        time.sleep(0.5)


def await_daemons(port: int) -> dict[str, Any]:
    """The answer once the daemon's parts are well."""
    give_up_at = time.monotonic() + START_SECONDS
    while True:
        answer = ask(port)
        statuses = answer["instance"]["daemonHealth"]["allDaemonStatuses"]
        if {item["daemonType"] for item in statuses if item["healthy"]} >= DAEMONS:
            return answer
        assert time.monotonic() < give_up_at, statuses
        time.sleep(1)


def parts_of(process: subprocess.Popen[str]) -> set[str]:
    """The processes that `up` started, by their commands."""
    listed = subprocess.run(
        ["ps", "-eo", "ppid=,pid=,args="], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    rows = [line.split(None, 2) for line in listed]
    return {pid for parent, pid, _ in rows if parent == str(process.pid)}


def is_running(pid: str) -> bool:
    """Whether it is a process that still does something."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.strip().startswith("Z")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home, so that the models are parsed once."""
    return tmp_path_factory.mktemp("up")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_up_serves_until_a_signal_and_leaves_nothing_behind(home: Path, number: int) -> None:
    port = free_port()
    with served(home, port) as process:
        await_start(process, home)
        answer = await_daemons(port)
        parts = parts_of(process)
        process.send_signal(number)
        code = process.wait(STOP_SECONDS)
    [repository] = answer["repositoriesOrError"]["nodes"]
    assert repository["location"]["name"] == "dealhouse"
    assert {"cycle", "nightly"} <= {job["name"] for job in repository["jobs"]}
    assert {(item["name"], item["scheduleState"]["status"]) for item in repository["schedules"]} == {
        ("hourly", "RUNNING"),
        ("nightly", "RUNNING"),
    }
    assert {item["sensorState"]["status"] for item in repository["sensors"]} == {"RUNNING"}
    assert len(parts) == 3
    assert code == (-signal.SIGKILL if number == signal.SIGKILL else 0)
    give_up_at = time.monotonic() + STOP_SECONDS
    while any(is_running(pid) for pid in parts):  # of a killed one they end by themselves
        assert time.monotonic() < give_up_at
        time.sleep(0.2)
    assert (Places(home / "data").dagster / "dagster.yaml").exists()


def test_a_taken_port_and_wrong_settings_are_told_at_once(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with served(tmp_path, taken.getsockname()[1]) as process:
            assert process.wait(STOP_SECONDS) == 2
    assert "Nothing can listen" in (tmp_path / "up.log").read_text()
