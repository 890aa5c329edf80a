"""Kills of builds and publications: readers see a whole version, whatever moment a kill chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.server import RunningPortal
    from tests.kills.home import Home

# Moments of each point in the shortest run: nodes that dbt finishes; before and after copy, rename and swap;
# before and after the news of issues are landed.
POINTS = {"model_commit": 40, "swap": 6, "transitions": 2}


def kill_runs(home: Home, portals: Iterable[RunningPortal], point: str, kills: int) -> None:
    """Kill a run at so many moments of a point, each after another day of work in the portals."""
    for number in range(kills):
        for portal in portals:
            portal.advance(1)
        before = home.served_rows()
        assert home.run_killed(point, 1 + number * 7 % POINTS[point], "run"), f"{point} was never reached"
        _check_is_whole(home)
        assert point == "swap" or home.served_rows() == before, "readers see what was never published"


def _check_is_whole(home: Home) -> None:
    """The tables of the published version agree with each other."""
    with home.served() as database:
        broken = database.execute(
            "select (select sum(deal_count) from marts.rpt_employee_sales)"
            " = (select count(*) from marts.fct_deals)"
            " and (select sum(move_count) from marts.rpt_stage_transitions)"
            " = (select count(*) from marts.fct_stage_visits)"
        ).fetchone()
    assert broken == (True,), "the published tables contradict each other"
