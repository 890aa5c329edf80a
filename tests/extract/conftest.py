"""A small company, and impatient retries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from extract.core import patience
from simulator.world import make_world

if TYPE_CHECKING:
    from simulator.model import World


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_BACKOFF", 0.01)
    monkeypatch.setattr(patience, "LONGEST_BACKOFF", 0.1)


@pytest.fixture
def world() -> World:
    return make_world(seed=3, size=0.02)


@pytest.fixture(scope="module")
def still_world() -> World:
    """A world for tests that change nothing in it."""
    return make_world(seed=3, size=0.02)


@pytest.fixture(scope="module")
def larger_world() -> World:
    """One whose deals fill several pages of a batch."""
    return make_world(seed=3, size=0.06)
