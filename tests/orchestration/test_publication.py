from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb
import pytest

from orchestration import publication_records, versions
from orchestration.publication import publish
from tests.orchestration.conftest import make_marts

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.places import Places

MOMENTS = {"m": datetime.fromisoformat("2026-03-01 12:00"), "u": datetime.fromisoformat("2026-03-02")}
PUBLISH_FOREVER = """
import sys
from pathlib import Path
from orchestration.places import Places
from orchestration.publication import publish

while True:
    print(publish(Places(Path(sys.argv[1])), {}, ()).run_id, flush=True)
"""


def deals(database: Path) -> int:
    with duckdb.connect(str(database), read_only=True) as connection:
        count: int = connection.execute("select count(*) from marts.fct_deals").fetchall()[0][0]
    return count


def remove_a_deal(places: Places) -> None:
    with duckdb.connect(str(places.next_database)) as connection:
        connection.execute("delete from marts.fct_deals where deal_key = 'u:deal:3'")


def test_a_version_holds_the_database_parquet_and_what_was_published(published_home: Places) -> None:
    places = published_home
    published = publish(places, MOMENTS, ())
    assert deals(places.served_database) == 3
    assert publication_records.read_from(places.served_database) == [
        publication_records.Row(published.run_id, row.published_at, name, moment)
        for row, (name, moment) in zip(publication_records.read_lake(places), MOMENTS.items(), strict=True)
    ]
    with duckdb.connect() as connection:
        file = places.served_parquet / "marts" / "fct_deals.parquet"
        assert connection.execute("select count(*) from read_parquet(?)", [str(file)]).fetchall() == [(3,)]
    assert (places.served_parquet / "custom_fields" / "m_deals.parquet").exists()


def test_a_held_reader_keeps_its_version_and_the_next_sees_the_new(published_home: Places) -> None:
    places = published_home
    held = duckdb.connect(str(places.served_database), read_only=True)
    remove_a_deal(places)
    publish(places, {}, None)
    assert held.execute("select count(*) from marts.fct_deals").fetchone() == (3,)
    assert deals(places.served_database) == 2
    held.close()


def test_parquet_of_untouched_marts_is_linked_from_the_last_version(published_home: Places) -> None:
    places = published_home
    before = (places.served_parquet / "marts" / "dim_dates.parquet").stat().st_ino
    published = publish(places, {}, ("marts.fct_deals",))
    after = places.served_parquet / "marts"
    assert (after / "dim_dates.parquet").stat().st_ino == before
    assert (published.exported, published.linked) == (2, 11)


def test_wide_views_follow_the_bridge(published_home: Places) -> None:
    published = publish(published_home, {}, ("marts.bridge_custom_field_values",))
    assert published.exported == 3


def test_a_fact_laid_out_as_it_is_read_is_in_no_file(published_home: Places) -> None:
    names = {file.stem for file in published_home.served_parquet.rglob("*.parquet")}
    assert not {"fct_deal_days", "bridge_record_days"} & names
    assert "bridge_custom_field_values" in names
    assert {"fct_pipeline_months", "rpt_pipeline_waterfall"} <= names


def test_three_versions_are_kept(published_home: Places) -> None:
    places = published_home
    published = [publish(places, {}, ()).run_id for _ in range(4)]
    assert sorted(folder.name for folder in places.versions.iterdir()) == published[-versions.KEPT_VERSIONS :]


def test_the_current_version_is_kept_whatever_its_age(published_home: Places) -> None:
    places = published_home
    for year in (9001, 9002, 9003):
        (places.versions / str(year)).mkdir()
    versions.remove_old_versions(places)
    assert deals(places.served_database) == 3


def test_everything_published_is_private(published_home: Places) -> None:
    for place in (published_home.versions, *published_home.versions.rglob("*")):
        assert place.stat().st_mode & 0o077 == 0, place


def test_a_log_left_by_a_killed_build_is_part_of_the_version(places: Places) -> None:
    make_marts(places.next_database)
    code = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]);"
        "c.execute('pragma disable_checkpoint_on_shutdown');"
        "c.execute('delete from marts.fct_deals'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(places.next_database)], check=False)
    assert places.next_database.with_name("next.duckdb.wal").exists()
    publish(places, {}, None)
    assert deals(places.served_database) == 0


def test_a_record_lost_between_swap_and_lake_is_found_again(published_home: Places) -> None:
    places = published_home
    lost = publish(places, MOMENTS, ())
    for file in (places.own_lake / "publications").glob("*.parquet"):
        file.unlink()
    publish(places, MOMENTS, ())
    assert lost.run_id in {row.run_id for row in publication_records.read_lake(places)}


def test_a_damaged_version_is_replaced_by_the_next(published_home: Places) -> None:
    places = published_home
    places.served_database.write_bytes(b"not a database")
    publish(places, MOMENTS, None)
    assert deals(places.served_database) == 3


@pytest.mark.parametrize("seed", range(6))
def test_a_kill_at_any_moment_leaves_a_whole_version(published_home: Places, seed: int) -> None:
    places = published_home
    command = [sys.executable, "-c", PUBLISH_FOREVER, str(places.home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.Random(seed).uniform(0, 0.4))
        process.send_signal(signal.SIGKILL)
    assert deals(places.served_database) == 3
    assert len(list(places.served_parquet.rglob("*.parquet"))) == 13
    publish(places, {}, ())
    assert deals(places.served_database) == 3
    assert not list(places.serving.rglob("*.part"))
    assert len(list(places.versions.iterdir())) <= versions.KEPT_VERSIONS + 1
