"""The dbt project by itself: it builds on a lake that holds nothing, and its SQL keeps the rules."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.dbt.forbidden_sql import findings

PROJECT = Path(__file__).resolve().parents[2]
DBT = Path(sys.executable).parent / "dbt"


def run_dbt(home: Path, *arguments: str) -> None:
    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    places += ["--target-path", str(home / "target"), "--log-level-file", "none"]
    run([DBT, "--no-use-colors", *arguments, *places], {"DEALHOUSE_HOME": str(home)})


def run(command: list[str | Path], settings: dict[str, str]) -> None:
    done = subprocess.run(
        command, env=os.environ | settings, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse built with its data tests on a lake that holds nothing."""
    home = tmp_path_factory.mktemp("empty")
    (home / "serving").mkdir()
    run_dbt(home, "build", "--exclude-resource-type", "unit_test")
    return home


def test_an_empty_lake_gives_every_mart_without_a_row(empty_home: Path) -> None:
    with duckdb.connect(str(empty_home / "serving" / "next.duckdb"), read_only=True) as connection:
        marts = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts' order by 1"
        ).fetchall()
        counts = {
            name: len(connection.execute(f"select 1 from marts.{name}").fetchall()) for (name,) in marts
        }
    assert counts.pop("report_catalog") > 0
    assert {"fct_deals", "fct_stage_visits", "rpt_deal_funnel", "rpt_sales_trend"} <= counts.keys()
    assert set(counts.values()) == {0}


def test_every_unit_test_passes(empty_home: Path) -> None:
    # Those of incremental models look their own columns up in the warehouse, so it is built first.
    run_dbt(empty_home, "test", "--select", "test_type:unit")


def test_names_places_and_descriptions_keep_the_rules_of_dbt_bouncer(
    empty_home: Path, tmp_path: Path
) -> None:
    run_dbt(empty_home, "docs", "generate", "--no-compile")
    # It looks for `target` beside a dbt project.
    (tmp_path / "target").symlink_to(empty_home / "target")
    bouncer: list[str | Path] = [DBT.with_name("dbt-bouncer"), "--config-file", PROJECT / "dbt-bouncer.yml"]
    run(bouncer, {"DBT_PROJECT_DIR": str(tmp_path)})


@pytest.mark.parametrize(
    "sql",
    [
        "select current_timestamp as built_at",
        "select 1 as one where created_at < now()",
        "select current_date - 1 as yesterday",
        "select today () as today_date",
        "select cast(created as timestamp) as created_at",
        "select try_cast(nullif(created, '') as timestamptz) as created_at",
        "select created::timestamp as created_at",
        "select strptime(created, '%Y') as created_at",
    ],
)
def test_sql_that_reads_the_clock_or_casts_text_to_time_is_found(sql: str) -> None:
    assert [finding.line for finding in findings("model.sql", f"\n{sql}\n")] == [2]


@pytest.mark.parametrize(
    "sql",
    [
        "select 1 as one -- as of now(), or current_date",
        "{# never now() #} select snow(1) as cold",
        "select cast('1900-01-01' as timestamp) as valid_from_at",
        "select cast(null as timestamp) as moved_at",
        "select {{ utc_timestamp('created') }} as created_at, cast(day as date) as day",
    ],
)
def test_sql_that_keeps_the_rules_is_left_alone(sql: str) -> None:
    assert findings("model.sql", sql) == []
