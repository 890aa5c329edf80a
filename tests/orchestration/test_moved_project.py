"""A home outlives the folder of the project: the next version may be installed beside the last one."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import duckdb

from orchestration import dbt
from orchestration.build_record import Plan
from orchestration.places import Places

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PROFILES = """
small:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: "{{ env_var('DEALHOUSE_HOME') }}/warehouse.duckdb", threads: 1}
"""


def small_project(folder: Path) -> Path:
    """A project with a seed, which dbt loads from where it lies."""
    (folder / "seeds").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text("{name: small, version: '1.0', profile: small}")
    (folder / "profiles.yml").write_text(PROFILES)
    (folder / "seeds" / "words.csv").write_text("word\nyes\nno\n")
    return folder


def test_seeds_are_loaded_from_where_the_project_is_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Places(tmp_path / "home")
    for name in ("first", "second"):
        project = small_project(tmp_path / name)
        monkeypatch.setattr(dbt, "PROJECT", project)
        dbt.manifest(home)
        results = dbt.run_build(home, Plan(is_everything=True), lambda _done, _total: None)
        assert [result.status for result in results] == ["success"]
        shutil.rmtree(project)
    with duckdb.connect(str(home.warehouse)) as database:
        assert database.sql("select count(*) from words").fetchall() == [(2,)]
