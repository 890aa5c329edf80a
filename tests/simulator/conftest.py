"""One portal of each kind for the tests that only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.simulator.callers import Caller, portal

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def bitrix24() -> Iterator[Caller]:
    with portal("bitrix24") as running:
        yield Caller(running)


@pytest.fixture(scope="session")
def hubspot() -> Iterator[Caller]:
    with portal("hubspot") as running:
        yield Caller(running)
