"""`dealhouse up`: Dagster's UI and daemon in the foreground, schedules and sensors on."""

from __future__ import annotations

import signal
import socket
import threading
import time
from typing import TYPE_CHECKING

from extract.core import locks
from extract.core.files import private_folder
from extract.core.lake import Lake
from extract.core.settings import dealhouse_home, load_settings
from orchestration import dbt
from orchestration.console import FAILURE, SUCCESS, UsageError, err, out, print_error
from orchestration.places import Places
from orchestration.service import runs
from orchestration.service.parts import Parts, ServiceError

if TYPE_CHECKING:
    from types import FrameType

    import dagster as dg

LOCK = "up"
LOOK_SECONDS, CARE_SECONDS = 0.5, 60.0
RUN_SECONDS, PART_SECONDS = 20.0, 10.0
STOPPED = "dealhouse up was stopped; the next run goes on from there."


class Signals:
    """SIGINT and SIGTERM as a wish to stop; a second one as a wish to stop now."""

    def __init__(self) -> None:
        self._count = 0
        self._asked = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._count += 1
        self._asked.set()

    @property
    def is_stopping(self) -> bool:
        """Whether to stop."""
        return self._asked.is_set()

    @property
    def is_urgent(self) -> bool:
        """Whether not to wait for anything."""
        return self._count > 1

    def wait(self, seconds: float) -> None:
        """Wait, or until one comes."""
        self._asked.wait(seconds)


def up(host: str, port: int) -> int:
    """Serve until a signal comes; the exit code."""
    load_settings()  # what is wrong with them is told here, not in an hour
    places = Places(private_folder(dealhouse_home()).resolve())
    _check_port(host, port)
    signals = Signals()
    # Seconds, for which a wrong setting or a taken port need not wait.
    from orchestration.job import instance_of  # noqa: PLC0415

    with locks.hold(places.locks, [LOCK]), instance_of(places) as instance:
        out.print("Reading the models ...")
        dbt.manifest(places)
        runs.close_runs_of_service(instance, STOPPED)
        runs.close_dead_runs(instance, places)
        return _serve(places, host, port, instance, signals)


def _serve(places: Places, host: str, port: int, instance: dg.DagsterInstance, signals: Signals) -> int:
    parts = Parts(places, host, port, lambda: signals.is_stopping)
    out.print("Starting Dagster ...")
    try:
        parts.start()
        if not signals.is_stopping:
            _introduce(places, host, port)
        _watch(parts, instance, places, signals)
    except ServiceError as error:
        print_error(error)
        return FAILURE
    finally:
        _stop(parts, instance, signals)
    err.print("Stopped. What is published stays; the next start goes on from here.")
    return SUCCESS


def _watch(parts: Parts, instance: dg.DagsterInstance, places: Places, signals: Signals) -> None:
    looked_at = time.monotonic()
    while not signals.is_stopping:
        signals.wait(LOOK_SECONDS)
        ended = None if signals.is_stopping else parts.ended()
        if ended:
            raise ended.failure("ended by itself")
        if time.monotonic() - looked_at > CARE_SECONDS:
            looked_at = time.monotonic()
            runs.close_dead_runs(instance, places)


def _stop(parts: Parts, instance: dg.DagsterInstance, signals: Signals) -> None:
    """The daemon first, so that nothing begins; then the runs, whose steps leave nothing half-done."""
    seconds = 0.0 if signals.is_urgent else PART_SECONDS
    parts.stop("daemon", seconds)
    runs.stop_runs(instance, RUN_SECONDS, lambda: signals.is_urgent)
    parts.stop_all(seconds)
    runs.close_runs_of_service(instance, STOPPED)


def _introduce(places: Places, host: str, port: int) -> None:
    zone = Lake(places.home).reporting_timezone()
    shown = f"[{host}]" if ":" in host else host
    out.print(f"Dagster is up: [bold]http://{shown}:{port}[/]", soft_wrap=True)
    out.print(f"A cycle runs every hour, a thorough one every night at 02:30 ({zone}).", soft_wrap=True)
    out.print(f"Log: {places.logs / 'dagster.log'}. Stop with Ctrl-C.", soft_wrap=True)


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"Nothing can listen on {host}:{port}: {error.strerror}.", "", "Name another: --port 3001"
            ) from error
