"""`dealhouse run`: one cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.core.settings import dealhouse_home
from orchestration.commands.choices import checked_connections
from orchestration.cycle import Cycle
from orchestration.extraction import Wish
from orchestration.progress import watching
from orchestration.running import run_cycle

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(connections: Sequence[str], *, is_full_refresh: bool) -> int:
    """Run one cycle of the connections named, or of all; the exit code."""
    cycle = Cycle(
        dealhouse_home(),
        wish=Wish(connections=tuple(connections)),
        is_full_refresh=is_full_refresh,
        is_one_process=True,
    )
    checked_connections(cycle.settings, connections)
    with watching("Reading the CRMs") as watcher:
        cycle.watcher = watcher
        return run_cycle(cycle)
