"""Whatever moment of a build or a publication a kill chooses: nothing is lost, nothing is half published.

One kill of each kind is part of tests/security/test_whole_home.py, which has a home to kill runs in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kills.home import make_home
from tests.kills.publishing import kill_runs

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.server import RunningPortal


@pytest.mark.exhaustive
@pytest.mark.parametrize(("point", "kills"), [("model_commit", 20), ("swap", 20), ("transitions", 2)])
def test_what_kills_cut_short_ends_as_a_rebuild_of_the_same_lake(
    point: str, kills: int, tmp_path: Path, portals: dict[str, RunningPortal]
) -> None:
    home = make_home(tmp_path / "killed", portals)
    home.run("run")
    kill_runs(home, portals.values(), point, kills)
    home.run("run")
    assert home.served_rows() == home.rebuilt_rows(tmp_path / "rebuilt")
