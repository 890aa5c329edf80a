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


def run_dbt(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (home / "serving").mkdir(parents=True, exist_ok=True)
    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    places += ["--target-path", str(home / "target"), "--log-level-file", "none"]
    return subprocess.run(
        [DBT, "--no-use-colors", *arguments, *places],
        env=os.environ | {"DEALHOUSE_HOME": str(home)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_empty_lake_builds_and_every_unit_and_data_test_passes(tmp_path: Path) -> None:
    # Unit tests of incremental models look their own columns up in the warehouse, so it is built first.
    for arguments in (
        ("build", "--exclude-resource-type", "unit_test"),
        ("test", "--select", "test_type:unit"),
    ):
        done = run_dbt(tmp_path, *arguments)
        assert done.returncode == 0, done.stdout[-6000:]
    with duckdb.connect(str(tmp_path / "serving" / "next.duckdb"), read_only=True) as connection:
        marts = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts' order by 1"
        ).fetchall()
        counts = {
            name: len(connection.execute(f"select 1 from marts.{name}").fetchall()) for (name,) in marts
        }
    assert counts.pop("report_catalog") > 0
    assert {"fct_deals", "fct_stage_visits", "rpt_deal_funnel", "rpt_sales_trend"} <= counts.keys()
    assert set(counts.values()) == {0}


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
