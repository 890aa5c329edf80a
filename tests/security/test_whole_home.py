"""One home from first run over killed ones to restoration.

No secret gets out, no file is open, nobody else is called, readers see whole versions, a backup is enough.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
import yaml

from orchestration.job import instance_of
from orchestration.places import PROJECT, Places
from simulator.options import Options
from simulator.server import serve
from simulator.world import make_world
from tests.kills.home import OF_THE_READING
from tests.kills.home import Home as KillableHome
from tests.kills.publishing import kill_runs
from tests.security.alerted import PERSON, Alerted, alerted, miswrite_an_address
from tests.security.planted import KEY, echoing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.server import RunningPortal

CONTENT = f"select columns(lambda name: name not in {OF_THE_READING}) from {{table}} order by all"
ISSUES = "select issue_key, detected_value, first_seen_at from data_quality.dq_issues order by all"
GUARD = Path(__file__).with_name("guard")


@dataclass
class Home:
    """A home in a folder that everybody may read, and all that was printed."""

    folder: Path
    connections: Path
    attempts: Path
    printed: list[str] = field(default_factory=list)
    portals: list[RunningPortal] = field(default_factory=list)
    alerted: Alerted | None = None

    @property
    def places(self) -> Places:
        """Where everything lies."""
        return Places(self.folder)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command with no umask of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.kills.command", *arguments],
            cwd=PROJECT,
            env=os.environ
            | {
                "DEALHOUSE_HOME": str(self.folder),
                "DEALHOUSE_CONNECTIONS": str(self.connections),
                "PYTHONPATH": f"{GUARD}{os.pathsep}{PROJECT}",
                "GUARD_ATTEMPTS": str(self.attempts),
            }
            | ({"DEALHOUSE_ALERTS": str(self.alerted.file)} if self.alerted else {}),
            capture_output=True,
            text=True,
            umask=0,
            check=False,
        )
        self.printed += [done.stdout, done.stderr]
        return done

    def outbox(self, table: str) -> list[tuple[object, ...]]:
        """What alerts keep."""
        with closing(sqlite3.connect(self.folder / "alerts" / "outbox.sqlite")) as database:
            return database.execute(f"select * from {table}").fetchall()

    def content(self) -> dict[str, list[tuple[object, ...]]]:
        """Every served table of the CRMs' data in a fixed order.

        Without what a version says of itself, and without what the last reading moves, as ages.
        """
        with duckdb.connect(str(self.places.served_database), read_only=True) as database:
            tables = database.execute(
                "select table_schema || '.' || table_name from information_schema.tables"
                " where table_schema in ('marts', 'data_quality') and table_name not in ($own, $issues)"
                " order by 1",
                {"own": "publications", "issues": "dq_issues"},
            ).fetchall()
            found = {name: database.execute(CONTENT.format(table=name)).fetchall() for (name,) in tables}
            return found | {"issues": database.execute(ISSUES).fetchall()}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home after one run, its portals still up."""
    folder = tmp_path_factory.mktemp("security")
    (folder / "home").mkdir(mode=0o755)
    made = Home(folder / "home", folder / "connections.yml", folder / "attempts.txt")
    with ExitStack() as stack:
        listed = []
        for name, crm, seed in (("north", "bitrix24", 3), ("south", "hubspot", 4)):
            options = Options(key=KEY)
            world = make_world(seed, 0.02)
            portal = stack.enter_context(
                serve(world, crm, quota_factor=100_000, latency_seconds=0, options=options)
            )
            made.portals.append(portal)
            settings = {"name": name, "requests_per_second": 5000} | portal.connection_settings
            listed.append(settings | {"url": stack.enter_context(echoing(portal.url))})
        reporting = {"currency": "EUR", "timezone": "Europe/Berlin"}
        made.connections.write_text(yaml.safe_dump({"reporting": reporting, "connections": listed}))
        made.alerted = stack.enter_context(alerted(folder / "alerts.yml"))
        done = made.run("run")
        assert done.returncode == 0, done.stdout + done.stderr
        yield made


def files_with(folder: Path, text: str) -> list[str]:
    """Files in which a text stands: as bytes, and in what Parquet, DuckDB and SQLite unfold to."""
    needle = text.encode()
    found = [file for file in folder.rglob("*") if file.is_file() and needle in file.read_bytes()]
    for file in folder.rglob("*.parquet"):
        with duckdb.connect() as database:
            rows = database.execute(
                "select count(*) from read_parquet($file) as files where contains(files::varchar, $text)",
                {"file": str(file), "text": text},
            ).fetchall()
        found += [file] if rows[0][0] else []
    return [str(file) for file in found]


def test_a_refused_token_is_told_without_itself(home: Home, tmp_path: Path) -> None:
    wrong = Home(tmp_path / "home", tmp_path / "connections.yml", home.attempts)
    wrong.connections.write_text(home.connections.read_text().replace(KEY, "wrong-s3cret-48"))
    assert wrong.run("extract").returncode == 1
    assert wrong.run("connect").returncode == 1
    assert "s3cret" not in "".join(wrong.printed)
    assert files_with(wrong.folder, "s3cret") == []


def test_every_file_is_its_owners_alone(home: Home) -> None:
    open_ones = {
        str(path.relative_to(home.folder)): oct(mode)
        for path in home.folder.rglob("*")
        if not path.is_symlink() and (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077
    }
    assert open_ones == {}


def test_nobody_but_the_portals_was_called(home: Home) -> None:
    assert not home.attempts.exists(), home.attempts.read_text()


def test_a_run_that_finds_nothing_new_starts_no_job(home: Home) -> None:
    version = home.places.served_database.resolve()
    with instance_of(home.places) as instance:
        runs = instance.get_runs_count()
        done = home.run("run")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Nothing new landed" in done.stdout
        assert instance.get_runs_count() == runs > 0
    assert home.places.served_database.resolve() == version


@pytest.mark.parametrize("point", ["model_commit", "swap"])
def test_a_kill_while_building_or_publishing_leaves_readers_a_whole_version(home: Home, point: str) -> None:
    kill_runs(KillableHome(home.folder, home.connections), home.portals, point, 1)


def test_the_next_run_makes_up_for_the_killed_ones(home: Home) -> None:
    version = home.places.served_database.resolve()
    miswrite_an_address(home.portals[0].world)
    assert home.run("run").returncode == 0
    assert home.places.served_database.resolve() != version


def test_news_of_a_contact_are_told_and_wait_in_the_outbox(home: Home) -> None:
    assert home.alerted is not None
    assert PERSON in str(home.alerted.told.messages), "the searches below look for what was really sent"
    assert home.alerted.mailbox.letters
    assert home.outbox("deliveries")
    assert home.outbox("problems"), "a channel refuses"
    waiting = str(home.outbox("waiting"))
    assert "contact_email_malformed" in waiting


def test_a_muted_issue_is_silent_until_its_day(home: Home) -> None:
    assert home.alerted is not None
    with duckdb.connect(str(home.places.served_database), read_only=True) as database:
        [(key, day)] = database.execute(
            "select issue_key, last_seen_at::date + 1 from data_quality.dq_issues"
            " where detected_value = $value and rule_id = 'contact_email_malformed'",
            {"value": PERSON},
        ).fetchall()
    done = home.run("issues", "mute", key, "--until", str(day), "--reason", "known")
    assert done.returncode == 0, done.stdout + done.stderr
    home.alerted.end_quiet_hours()
    assert home.run("run").returncode == 0
    assert home.alerted.held.messages, "other news were told"
    assert PERSON not in str(home.alerted.held.messages)
    home.portals[0].advance(1)
    assert home.run("run").returncode == 0
    assert str(home.alerted.held.messages).count(PERSON) == 1


def test_no_secret_stands_in_any_file_or_on_the_terminal(home: Home) -> None:
    assert KEY in home.connections.read_text(), "it was given"
    assert files_with(home.folder, KEY) == []
    assert KEY not in "".join(home.printed)


def test_personal_data_stands_in_no_log_and_nothing_that_dagster_and_alerts_keep(home: Home) -> None:
    with duckdb.connect(str(home.places.served_database), read_only=True) as database:
        rows = database.execute(
            "select phone from marts.dim_contacts where length(phone) > 8"
            " union select email from marts.dim_contacts where length(email) > 8"
        ).fetchall()
    assert len(rows) > 50
    assert home.outbox("waiting"), "news wait in what is searched"
    kept = b"".join(
        file.read_bytes()
        for folder in (home.places.logs, home.places.dagster, home.places.dbt, home.folder / "alerts")
        for file in folder.rglob("*")
        if file.is_file()
    )
    values = [PERSON, *(value for (value,) in rows)]
    assert [value for value in values if value.encode() in kept or repr(value)[1:-1].encode() in kept] == []
    assert [value for value in values if value in "".join(home.printed)] == []


def test_a_backup_of_the_lake_brings_everything_back(home: Home, tmp_path: Path) -> None:
    # It is built from nothing, what it is compared with in parts, some of them twice.
    restored = Home(tmp_path / "home", home.connections, home.attempts)
    restored.folder.mkdir()
    shutil.copytree(home.places.lake, restored.places.lake)
    done = restored.run("run")
    assert done.returncode == 0, done.stdout + done.stderr
    before, after = home.content(), restored.content()
    assert before.keys() == after.keys()
    assert [name for name in before if before[name] != after[name]] == []
    assert before["issues"]
