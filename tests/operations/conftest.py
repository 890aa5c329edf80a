"""A small company, and impatient retries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from extract.core import patience
from simulator.world import make_world

if TYPE_CHECKING:
    from simulator.model import World


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A company, whose portals are asked again at once."""
    monkeypatch.setattr(patience, "FIRST_BACKOFF", 0.01)
    monkeypatch.setattr(patience, "LONGEST_BACKOFF", 0.1)
    return make_world(seed=3, size=0.02)
