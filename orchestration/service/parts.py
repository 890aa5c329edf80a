"""The processes of the service: one that holds the definitions, the web server, the daemon."""

from __future__ import annotations

import logging
import logging.handlers
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from extract.core.errors import DealhouseError
from extract.core.files import private_folder
from orchestration.logs import rotated

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.places import Places

START_SECONDS = 300.0
CHECK_SECONDS = 0.2
LONGEST_SOCKET = 100  # bytes; the kernel allows some more
QUIET = "warning"


class ServiceError(DealhouseError):
    """A part of the service did not start, or ended by itself."""


class Part:
    """A process in a session of its own: a terminal's Ctrl-C reaches it through us, in good order."""

    def __init__(self, name: str, places: Places, module: str, arguments: list[str]) -> None:
        self.name = name
        self._places = places
        command = [
            *("env", f"DAGSTER_HOME={places.dagster}", f"DEALHOUSE_HOME={places.home}"),
            *(sys.executable, "-m", "orchestration.service.process", str(os.getpid()), module, *arguments),
        ]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=self._keep_log, daemon=True).start()

    @property
    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return self._process.poll() is not None

    def stop(self, seconds: float) -> None:
        """Ask it to end, wait, and then end it with all that it started."""
        if not self.has_ended:
            self._process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._process.wait()

    def failure(self, what: str) -> ServiceError:
        """What to say of it."""
        return ServiceError(f"The {self.name} {what}.", str(_log(self._places)), "The log says why.")

    def _keep_log(self) -> None:
        log = logging.handlers.WatchedFileHandler(rotated(_log(self._places)), encoding="utf-8")
        for line in self._process.stdout or ():
            text = f"{self.name}: {line.rstrip()}"
            log.emit(logging.LogRecord(self.name, logging.INFO, "", 0, text, None, None))
        log.close()


class Parts:
    """All of them, started in their order and stopped in the reverse one."""

    def __init__(self, places: Places, host: str, port: int, is_stopping: Callable[[], bool]) -> None:
        self._places, self._host, self._port, self._is_stopping = places, host, port, is_stopping
        self._running: list[Part] = []

    def start(self) -> None:
        """Start them; returns when the web server answers, or when all are to stop.

        Raises:
            ServiceError: When one of them does not start.
        """
        door = _door(self._places)
        workspace = private_folder(self._places.dagster) / "workspace.yaml"
        server = {"socket": str(door), "location_name": "dealhouse"}
        workspace.write_text(yaml.safe_dump({"load_from": [{"grpc_server": server}]}), encoding="utf-8")
        code = ["api", "grpc", "--socket", str(door), "--module-name", "orchestration.definitions"]
        code += ["--location-name", "dealhouse", "--log-level", QUIET, "--use-python-environment-entry-point"]
        self._start("code server", "dagster", code)
        self._await(lambda: _answers(socket.AF_UNIX, str(door)))
        shared = ["--workspace", str(workspace), "--log-format", "colored"]
        web = ["--host", self._host, "--port", str(self._port), "--dagster-log-level", QUIET, *shared]
        self._start("web server", "dagster_webserver", web)
        self._start("daemon", "dagster._daemon", ["run", "--log-level", QUIET, *shared])
        self._await(lambda: _answers(socket.AF_INET, (self._host, self._port)))

    def ended(self) -> Part | None:
        """One that has ended by itself."""
        return next((part for part in self._running if part.has_ended), None)

    def stop(self, name: str, seconds: float) -> None:
        """Stop one of them."""
        for part in [part for part in self._running if part.name == name]:
            part.stop(seconds)
            self._running.remove(part)

    def stop_all(self, seconds: float) -> None:
        """Stop the others, the last one started first."""
        while self._running:
            self._running.pop().stop(seconds)

    def _start(self, name: str, module: str, arguments: list[str]) -> None:
        if not self._is_stopping():
            self._running.append(Part(name, self._places, module, arguments))

    def _await(self, is_ready: Callable[[], bool]) -> None:
        give_up_at = time.monotonic() + START_SECONDS
        while not self._is_stopping() and not is_ready():
            ended = self.ended()
            if ended:
                raise ended.failure("did not start")
            if time.monotonic() > give_up_at:
                raise self._running[-1].failure("did not answer in time")
            time.sleep(CHECK_SECONDS)


def _door(places: Places) -> Path:
    """Where the code server listens: a socket in a private folder, which other users cannot open."""
    door = private_folder(places.dagster) / "code.sock"
    if len(str(door).encode()) > LONGEST_SOCKET:
        door = Path(tempfile.mkdtemp(prefix="dealhouse-")) / "code.sock"
    door.unlink(missing_ok=True)
    return door


def _answers(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family) as probe:
        return probe.connect_ex(address) == 0


def _log(places: Places) -> Path:
    return private_folder(places.logs) / "dagster.log"
