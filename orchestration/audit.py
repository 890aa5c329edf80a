"""The checkpoints of `quality`, asked in a process of their own, which is slow to start."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from extract.core.errors import DealhouseError
from extract.core.files import private_folder
from orchestration.places import PROJECT, Places

if TYPE_CHECKING:
    from types import TracebackType

    from quality.landed import LandedRequest
    from quality.publication import PublicationRequest

FAILED = "error"


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
            ", ".join(f"{key} {value}" for key, value in row.items()) for row in self.rows[:3]
        )
        return f"{self.name}: {self.error or examples or self.description}"


class Checkpoints:
    """The process that runs checkpoints; it ends with the `with` block, or with this process."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the process, if it does not run yet."""
        if self._process is None:
            log = private_folder(self._places.logs) / "quality.log"
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

    def landed(self, request: LandedRequest) -> tuple[list[Finding], dict[str, int]]:
        """The checkpoint on what was landed, and the live rows it counted."""
        answer = self._ask("landed", asdict(request))
        return _findings(answer), answer["live_rows"]

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


def _findings(answer: dict[str, Any]) -> list[Finding]:
    return [Finding(**content) for content in answer["results"]]
