"""The checkpoints of `quality`, asked in a process of their own, which is slow to start."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from extract.core.errors import DealhouseError
from extract.core.files import private_folder
from orchestration.logs import rotated
from orchestration.places import PROJECT, Places

if TYPE_CHECKING:
    from types import TracebackType

    from quality.landed import LandedRequest
    from quality.publication import PublicationRequest

FAILED = "error"
SHOWN = 3


class AuditError(DealhouseError):
    """An expectation of severity error failed: the last good version stays."""


@dataclass(frozen=True)
class Finding:
    """The outcome of one expectation."""

    name: str
    severity: str
    description: str
    passed: bool
    error: str | None
    rows: list[dict[str, Any]]

    @property
    def stops_publication(self) -> bool:
        """Whether the last good version has to stay."""
        return not self.passed and self.severity == FAILED

    def __str__(self) -> str:
        examples = "; ".join(
            ", ".join(f"{key} {_short(value)}" for key, value in row.items()) for row in self.rows[:SHOWN]
        )
        return f"{self.name}: {self.error or examples or self.description}"


@dataclass(frozen=True)
class Landed:
    """What the checkpoint on what was landed found, and saw."""

    findings: list[Finding]
    live_rows: dict[str, int]
    shapes: dict[str, Any]


class Checkpoints:
    """The process that runs checkpoints; it ends with the `with` block, or with this process."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the process, if it does not run yet."""
        if self._process is None:
            log = rotated(private_folder(self._places.logs) / "quality.log")
            with log.open("a", encoding="utf-8") as errors:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "quality.checkpoints", "serve"],
                    cwd=PROJECT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                )

    def stop(self) -> None:
        """End the process, so that nothing keeps a database open."""
        process, self._process = self._process, None
        if process is not None:
            with process:  # closes its pipes
                process.kill()

    def landed(self, request: LandedRequest) -> Landed:
        """The checkpoint on what was landed."""
        answer = self._ask("landed", asdict(request))
        return Landed(_findings(answer), answer["live_rows"], answer["shapes"])

    def publication(self, request: PublicationRequest) -> list[Finding]:
        """The checkpoint before publication."""
        return _findings(self._ask("publication", asdict(request)))

    def _ask(self, kind: str, request: dict[str, Any]) -> dict[str, Any]:
        self.start()
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise AssertionError("a started process has pipes")
        docs = str(private_folder(self._places.data_docs))
        try:
            process.stdin.write(json.dumps({"kind": kind, "request": request, "docs": docs}) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self.stop()
            log = self._places.logs / "quality.log"
            raise AuditError(
                f"The {kind} checkpoint broke off.", str(log), "The log says why; run this again."
            )
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Checkpoints:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def refuse_failures(findings: list[Finding], where: str) -> None:
    """Raise when an expectation of severity error failed."""
    failed = [finding for finding in findings if finding.stops_publication]
    if failed:
        raise AuditError(
            " ".join(f"{finding}." for finding in failed),
            where,
            "The last good version stays published. If this is as it should be, change the limits in"
            " quality/expectations.yml and run this again.",
        )


def _short(value: Any) -> str:
    """A value as one reads it in a line; of many keys the first few."""
    if not isinstance(value, list):
        return str(value)
    more = ", ..." if len(value) > SHOWN else ""
    return ", ".join(str(item) for item in value[:SHOWN]) + more


def _findings(answer: dict[str, Any]) -> list[Finding]:
    return [Finding(**content) for content in answer["results"]]
