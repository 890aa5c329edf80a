"""Whatever moment of a build or a publication a kill chooses: readers see a whole version."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.kills.home import Home, make_home

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.server import RunningPortal

# Moments of each point in the shortest run: nodes that dbt finishes; before and after copy, rename and swap.
PUBLISHING_POINTS = {"model_commit": 40, "swap": 6}
POINTS = PUBLISHING_POINTS | {"transitions": 2}


@pytest.mark.parametrize(
    ("points", "kills"),
    [
        pytest.param(tuple(PUBLISHING_POINTS), 1, id="one-of-each"),
        *(
            pytest.param((point,), 20, marks=pytest.mark.exhaustive, id=f"{point}-twenty")
            for point in PUBLISHING_POINTS
        ),
        pytest.param(("transitions",), 2, marks=pytest.mark.exhaustive, id="before-and-after-issues-land"),
    ],
)
def test_a_kill_while_building_or_publishing_leaves_readers_a_whole_version(
    points: tuple[str, ...], kills: int, tmp_path: Path, portals: dict[str, RunningPortal]
) -> None:
    home = make_home(tmp_path / "killed", portals)
    home.run("run")
    for point, number in product(points, range(kills)):
        for portal in portals.values():
            portal.advance(1)
        before = home.served_rows()
        assert home.run_killed(point, 1 + number * 7 % POINTS[point], "run")
        assert_is_whole(home)
        if point != "swap":
            assert home.served_rows() == before
    home.run("run")
    assert home.served_rows() == home.rebuilt_rows(tmp_path / "rebuilt")


def assert_is_whole(home: Home) -> None:
    """The tables of the published version agree with each other."""
    with home.served() as database:
        broken = database.execute(
            "select (select sum(deal_count) from marts.rpt_employee_sales)"
            " = (select count(*) from marts.fct_deals)"
            " and (select sum(move_count) from marts.rpt_stage_transitions)"
            " = (select count(*) from marts.fct_stage_visits)"
        ).fetchone()
    assert broken == (True,)
