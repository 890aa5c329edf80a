"""Compaction: the same rows in fewer files, at every moment."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
import pyarrow.parquet as pq
import pytest

from extract.core import locks
from extract.core.ledger import COMPACTED, FOLDED
from orchestration.lake_care import compaction
from orchestration.lake_care.care import compact
from orchestration.places import PROJECT, Places
from orchestration.watching import Watcher
from tests.operations.compacting import act
from tests.operations.killed import killed_copies
from tests.operations.small_lake import CONNECTIONS, TODAY, land, make_lake, parquet_files, seen

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """The small lake, whose files of runs are as old as the runs."""
    made = make_lake(tmp_path / "home")
    for file in (made.own_lake / "extraction_runs").glob("*.parquet"):
        yesterday = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC) - timedelta(days=1)
        os.utime(file, (yesterday.timestamp(), yesterday.timestamp()))
    return made


def test_closed_days_are_one_file_and_what_is_read_stays_the_same(places: Places) -> None:
    before = seen(places)
    done = act(places.home)
    assert seen(places) == before
    deals = sorted(file.name for file in (places.lake / "bitrix24" / "deals").iterdir())
    for connection in CONNECTIONS:
        mine = [name for name in deals if name.startswith(f"{connection}.")]
        assert sum(COMPACTED in name for name in mine) == 1
        # Today's, and of the north also the one that was never committed.
        assert sum(COMPACTED not in name for name in mine) == (2 if connection == "north" else 1)
    assert len(list((places.own_lake / "extraction_runs").iterdir())) == 1
    assert done.files_before == 3 + 3 + 8 + 6
    assert done.files_after == 3 + 1


def test_compacting_again_changes_nothing(places: Places) -> None:
    act(places.home)
    files = parquet_files(places)
    assert act(places.home).files_before == 0
    assert parquet_files(places) == files


def test_later_days_join_and_a_large_file_is_left_as_it_is(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    act(places.home)
    later = f"{datetime(2026, 3, 3, 15, tzinfo=UTC).timestamp()}"
    land(places, "north", later, [("1", '{"day":"later"}')])
    before = seen(places)
    monkeypatch.setattr(compaction, "GROWTH", 0)
    assert act(places.home).files_before == 0
    monkeypatch.setattr(compaction, "GROWTH", 4)
    assert act(places.home).files_before == 2
    assert seen(places) == before


def test_a_kill_at_any_step_loses_and_doubles_nothing(places: Places, tmp_path: Path) -> None:
    before = seen(places)
    copies = killed_copies("tests.operations.compacting", places.home, tmp_path / "copies")
    assert len(copies) > 40
    for copy in copies:
        assert seen(Places(copy)) == before, copy.name
        act(copy)
        assert seen(Places(copy)) == before, copy.name
        assert not list(copy.rglob("*.part*")), copy.name
        assert not list(copy.rglob("_set_aside/*")), copy.name
        assert [file.name for file in parquet_files(Places(copy))] == [
            file.name for file in parquet_files(Places(copies[-1]))
        ], copy.name


def test_the_views_that_dbt_reads_see_rows_once_when_a_kill_left_them_twice(
    places: Places, tmp_path: Path
) -> None:
    before = seen(places)["captures"]
    copies = killed_copies("tests.operations.compacting", places.home, tmp_path / "copies")
    torn = [copy for copy in copies if _rows_of_all_files(copy) > len(before) + 1]
    assert torn
    home = tmp_path / "torn"  # one place for both, so that dbt parses the project once
    for copy in (torn[0], torn[-1]):
        copy.rename(home)
        assert _rows_of_dbt(home) == (len(before), 8)
        home.rename(copy)


def _rows_of_all_files(home: Path) -> int:
    return sum(pq.read_metadata(file).num_rows for file in home.glob("lake/bitrix24/deals/*.parquet"))


def _rows_of_dbt(home: Path) -> tuple[int, int]:
    (home / "serving").mkdir()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "orchestration.dbt_process", str(os.getpid())),
            *("run-operation", "create_lake_views"),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(home.parent / "dbt"), "--log-path", str(home / "logs")),
        ],
        cwd=PROJECT,
        env=os.environ | {"DEALHOUSE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    with duckdb.connect(str(home / "warehouse.duckdb")) as database:
        database.execute("set timezone = 'UTC'")
        row = database.execute(
            "select (select count(*) from bitrix24.deals), (select count(*) from dealhouse.extraction_runs)"
        ).fetchone()
    assert row
    return row


def test_a_run_under_way_is_named_and_nothing_is_touched(places: Places) -> None:
    holder = (
        "import sys, time; from pathlib import Path; from extract.core import locks\n"
        "with locks.hold(Path(sys.argv[1]), ['north']): print('held', flush=True); time.sleep(60)"
    )
    files = parquet_files(places)
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(places.locks)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(locks.LockedError, match="Connection north is in use"):
            compact(places, Watcher(), TODAY)
        process.kill()
    assert parquet_files(places) == files


def test_finished_packages_of_dlt_go_and_the_ledger_is_folded(places: Places) -> None:
    package = places.home / "dlt" / "north" / "load" / "loaded" / "1.0" / "completed_jobs"
    package.mkdir(parents=True)
    (package / "deals.parquet").write_bytes(b"x" * 1000)
    care = compact(places, Watcher(), TODAY)
    assert care.freed == 1000
    assert not list((places.home / "dlt" / "north" / "load" / "loaded").iterdir())
    ledger = sorted(path.name for path in (places.lake / "bitrix24" / "_dlt_loads").iterdir())
    assert len(ledger) == 1 + len(CONNECTIONS)
    assert FOLDED in ledger
