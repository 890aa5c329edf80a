"""Two portals that stay up while runs are killed."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from simulator.server import serve
from simulator.world import make_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.server import RunningPortal


@pytest.fixture
def portals() -> Iterator[dict[str, RunningPortal]]:
    """One Bitrix24 and one HubSpot, small and fast."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(
                serve(make_world(seed, 0.02), crm, quota_factor=100_000, latency_seconds=0)
            )
            for name, crm, seed in (("north", "bitrix24", 3), ("south", "hubspot", 4))
        }
