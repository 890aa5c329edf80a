"""dbt as a process: the manifest it makes, the build it runs, what came of every node."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from extract.core.errors import DealhouseError
from extract.core.files import private_folder
from orchestration.failed_tests import failing_keys
from orchestration.inputs import RUNS_TABLE, project_of
from orchestration.places import PROJECT, Places

if TYPE_CHECKING:
    from orchestration.build_record import Plan

PARTIAL_PARSE = "partial_parse.msgpack"
BUILT_STATUSES = {"success"}
OUT_OF_MEMORY = "Out of Memory Error"
BAD_STATUSES = {"error", "fail", "runtime error"}
Progress = Callable[[int, int], None]


class BuildError(DealhouseError):
    """dbt could not build, or a test of severity error failed: the last good version stays."""


@dataclass(frozen=True)
class NodeResult:
    """What came of one model, seed or test."""

    unique_id: str
    status: str
    seconds: float
    message: str | None
    failures: int | None
    query: str | None = None

    @property
    def is_bad(self) -> bool:
        """Whether it stops publication."""
        return self.status in BAD_STATUSES


def build_arguments(plan: Plan) -> list[str]:
    """The dbt command of a plan."""
    arguments = ["build", "--exclude-resource-type", "unit_test"]
    if plan.is_full_refresh:
        arguments.append("--full-refresh")
    if not plan.is_everything:
        # "Now" is the last run's: no model may be built with that of an earlier one.
        arguments += ["--select", *(f"source:{table}+" for table in sorted({*plan.tables, RUNS_TABLE}))]
    return arguments


def run_build(places: Places, plan: Plan, progress: Progress) -> list[NodeResult]:
    """Build what the plan says.

    Raises:
        BuildError: Naming what failed; whatever was built stays in the working database.
    """
    return _run_nodes(places, build_arguments(plan), progress)


def _run_nodes(places: Places, arguments: list[str], progress: Progress) -> list[NodeResult]:
    results_file = places.dbt / "run_results.json"
    results_file.unlink(missing_ok=True)
    code, complaints = _run(places, arguments, progress)
    results = list(_read_results(places)) if results_file.exists() else []
    bad = [result for result in results if result.is_bad]
    if code != 0 or bad:
        raise failure(places, bad, complaints)
    return results


def run_tests(places: Places, progress: Progress) -> list[NodeResult]:
    """Run every data test over what is built.

    Raises:
        BuildError: Naming the tests that failed.
    """
    return _run_nodes(places, ["test", "--exclude-resource-type", "unit_test"], progress)


def manifest(places: Places) -> dict[str, Any]:
    """The manifest of the project as its files are now; dbt parses them when they changed."""
    fingerprint = places.dbt / "parsed"
    told = fingerprint.read_text(encoding="utf-8") if fingerprint.exists() else ""
    project = f"{project_of(PROJECT)} {PROJECT}"
    if told != project or not (places.dbt / "manifest.json").exists():
        if told.partition(" ")[2] != str(PROJECT):
            # What dbt keeps of its last parse leads to the seeds where the project was then.
            (places.dbt / PARTIAL_PARSE).unlink(missing_ok=True)
        code, complaints = _run(places, ["parse"], lambda _done, _total: None)
        if code != 0:
            raise failure(places, [], complaints)
        fingerprint.write_text(project, encoding="utf-8")
    return _read_manifest(str(places.dbt / "manifest.json"), project)


@cache
def _read_manifest(path: str, _project: str) -> dict[str, Any]:
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        content: dict[str, Any] = json.load(file)
    return content


def _run(places: Places, arguments: Sequence[str], progress: Progress) -> tuple[int, list[str]]:
    command = [
        *(
            "env",
            f"DEALHOUSE_HOME={places.home}",
            sys.executable,
            "-m",
            "orchestration.dbt_process",
            str(os.getpid()),
        ),
        *("--no-send-anonymous-usage-stats", "--no-version-check", "--no-use-colors", "--log-format", "json"),
        *(
            "--log-path",
            str(private_folder(places.logs)),
            "--log-level-file",
            "info",
            "--log-format-file",
            "text",
        ),
        *arguments,
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(private_folder(places.dbt))),
    ]
    private_folder(places.serving)
    complaints: list[str] = []
    with subprocess.Popen(
        command,
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            for line in process.stdout or ():
                _read_event(line, progress, complaints)
        except BaseException:
            process.kill()
            raise
    return process.returncode, complaints


def _read_event(line: str, progress: Progress, complaints: list[str]) -> None:
    try:
        event = json.loads(line)
        info, data = event["info"], event["data"]
    except (ValueError, KeyError, TypeError):
        complaints.append(line.rstrip())
        return
    if info["level"] == "error":
        complaints.append(info["msg"])
    if "total" in data and "index" in data and data.get("status") not in {None, "started"}:
        progress(data["index"], data["total"])


def _read_results(places: Places) -> Iterator[NodeResult]:
    content = json.loads((places.dbt / "run_results.json").read_text(encoding="utf-8"))
    for result in content["results"]:
        yield NodeResult(
            result["unique_id"],
            result["status"],
            result["execution_time"],
            result["message"],
            result["failures"],
            result.get("compiled_code"),
        )


def failure(places: Places, bad: list[NodeResult], complaints: list[str]) -> BuildError:
    """What to tell of nodes that failed, or of what dbt complained about instead."""
    shown = [_told(places, result) for result in bad[:5]]
    if len(bad) > len(shown):
        shown.append(f"and {len(bad) - len(shown)} more")
    return BuildError(
        "The build failed. " + "; ".join(shown or complaints[:3] or ["dbt ended without saying why"]),
        str(places.logs / "dbt.log"),
        f"The last good version stays published. {_next_step(bad)}",
    )


def _next_step(bad: list[NodeResult]) -> str:
    if any(OUT_OF_MEMORY in (result.message or "") for result in bad):
        return "Give DuckDB more with DEALHOUSE_MEMORY_LIMIT, 4GB unless it is set, and run this again."
    return "The log says more; run this again when it is mended."


def _told(places: Places, result: NodeResult) -> str:
    # DuckDB's own advice is for who writes the SQL.
    message = (result.message or result.status).partition("Possible solutions:")[0].strip()
    told = f"{result.unique_id.split('.')[2]}: {message}"
    is_test = result.unique_id.startswith("test.") and result.status == "fail"
    keys = failing_keys(places, result.query) if is_test and result.query else []
    return f"{told} ({', '.join(keys)})" if keys else told
