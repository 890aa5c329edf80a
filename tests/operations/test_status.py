"""`dealhouse status` tells what waits for somebody, in eighty columns."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import duckdb
import pytest

from orchestration import build_record
from orchestration.build_record import Build, Inputs, Plan
from orchestration.commands import status_facts as facts
from orchestration.commands.status import status
from orchestration.console import out
from orchestration.forgetting.note import Note, write_note
from orchestration.lake_care.sizes import bytes_below, readable
from tests.operations.small_lake import make_lake
from tests.orchestration.conftest import places, published_home

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.places import Places

__all__ = ["places", "published_home"]
BUILD = Build("b1", Inputs({}, "s", "p"))


def told(home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setenv("DEALHOUSE_HOME", str(home))
    monkeypatch.setattr(out, "_width", 80)
    assert status() == 0
    return capfd.readouterr().out


def test_everything_is_told_in_eighty_columns(
    published_home: Places, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    make_lake(published_home.home)
    text = told(published_home.home, monkeypatch, capfd)
    for name in ("north", "Build:", "Published:", "Alerts:", "Disk:", "Running:", "nothing"):
        assert name in text
    paths = ("Database:", "Parquet:")
    assert all(len(line.rstrip()) <= 80 for line in text.splitlines() if not line.startswith(paths))


def test_an_erasure_cut_short_is_told(
    published_home: Places, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    make_lake(published_home.home)
    write_note(published_home, Note())
    assert "an erasure was cut short" in " ".join(told(published_home.home, monkeypatch, capfd).split())


def test_a_build_is_told_with_what_is_to_be_done(places: Places) -> None:
    assert facts.last_build(places) == "none yet"
    build_record.record_start(places, Plan(is_everything=True))
    assert facts.last_build(places) == "never finished"
    places.warehouse.touch()
    build_record.record_success(places, BUILD, None)
    assert facts.last_build(places).endswith("UTC, not published")
    build_record.record_publication(places, BUILD.build_id)
    assert facts.last_build(places).endswith("UTC")


def test_issues_are_counted_by_severity_without_muted_and_resolved_ones(published_home: Places) -> None:
    assert not facts.issues(published_home), "this version has none"
    with duckdb.connect(str(published_home.served_database.resolve())) as database:
        database.execute("create schema data_quality")
        database.execute(
            "create table data_quality.dq_issues as from (values ('new', 'error'), ('open', 'error'),"
            " ('open', 'info'), ('muted', 'warning'), ('resolved', 'error')) as issues(status, severity)"
        )
    assert facts.issues(published_home) == "3 open (2 error, 1 info), 1 of them new; 1 muted"


def test_alerts_that_were_not_delivered_are_told(places: Places) -> None:
    assert facts.alerts(places) == "none were ever sent"
    (places.home / "alerts").mkdir()
    with closing(sqlite3.connect(places.home / "alerts" / "outbox.sqlite")) as database:
        database.execute("create table waiting (item text)")
        database.execute("create table deliveries (state text)")
        database.execute("insert into waiting values ('news')")
        database.execute("insert into deliveries values ('sent'), ('sent'), ('failed'), ('unknown')")
        database.commit()
    assert facts.alerts(places) == "2 sent, 1 news waiting, 1 failed, 1 unknown"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (9_949, "9.9 kB"), (12_300, "12 kB"), (1.4e9, "1.4 GB")],
)
def test_sizes_are_readable(size: float, text: str) -> None:
    assert readable(size) == text


def test_a_file_with_two_names_counts_once(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"x" * 10)
    (tmp_path / "two").hardlink_to(tmp_path / "one")
    assert bytes_below(tmp_path) == 10
