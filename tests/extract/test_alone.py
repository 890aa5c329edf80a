"""A source run as a command of its own keeps to what every other way of reading keeps to."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from extract.core import locks
from extract.core.lake import Lake
from tests.extract.portals import SECRET, portal

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.model import World
    from tests.extract.portals import Tried


def settings_of(tried: Tried, folder: Path) -> Path:
    connection = tried.connection.model_dump(mode="json", exclude_none=True)
    secrets = {"url": tried.connection.url.get_secret_value()}
    if tried.connection.token:
        secrets["token"] = tried.connection.token.get_secret_value()
    file = folder / "connections.yml"
    content = {"reporting": {"currency": "EUR", "timezone": "UTC"}, "connections": [connection | secrets]}
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return file


def run_alone(tried: Tried, home: Path, settings: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"extract.sources.{tried.connection.crm}", *arguments]
    places = ["--settings", str(settings), "--home", str(home)]
    return subprocess.run(
        [*command, *places], capture_output=True, text=True, check=False, umask=0o022, env=dict(os.environ)
    )


@pytest.mark.parametrize("crm", ["bitrix24", "hubspot"])
def test_it_lands_private_files_that_the_next_run_builds(
    still_world: World, tmp_path: Path, crm: str
) -> None:
    with portal(still_world, crm, tmp_path) as tried:
        settings = settings_of(tried, tmp_path)
        ended = run_alone(tried, tmp_path / "home", settings, "--entity", "pipelines")
    assert ended.returncode == 0, ended.stderr
    assert SECRET not in ended.stdout + ended.stderr
    lake = Lake(tmp_path / "home")
    assert [row["entity"] for row in lake.extraction_runs()] == ["pipelines"]
    readable = [str(path) for path in (tmp_path / "home").rglob("*") if path.stat().st_mode & 0o077]
    assert not readable


def test_it_waits_for_nobody_who_reads_the_same_connection(still_world: World, tmp_path: Path) -> None:
    with portal(still_world, "bitrix24", tmp_path) as tried:
        settings = settings_of(tried, tmp_path)
        with locks.hold(tmp_path / locks.FOLDER, [tried.connection.name]):
            ended = run_alone(tried, tmp_path, settings, "--entity", "pipelines")
    assert ended.returncode == 1
    assert f"Connection {tried.connection.name} is in use by process {os.getpid()}" in ended.stderr
    assert not Lake(tmp_path).extraction_runs()
