"""The warehouses of the truth tests, each made once."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from simulator.world import make_world
from tests.oracle.expected import KEYS, expected
from tests.oracle.inputs import Connection, Reporting, Row
from tests.truth import golden
from tests.truth.warehouse import Portals, Served, Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

REPORTING = Reporting("EUR", "Europe/Moscow")
SEEDS = (1, 2, 3)
SIZE = 0.025
DAYS = 5
FOREIGN_ZONE = (
    "Asia/Tehran"  # where the process runs: not the reporting zone, no portal's, and off the full hour
)
Models = dict[str, list[Row]]


@dataclass(frozen=True)
class Moment:
    """What the oracle expected and what the marts held after a build."""

    oracle: Models
    marts: Models


@dataclass(frozen=True)
class Truth:
    """A warehouse after a full load and after days of changes, and another one rebuilt from the same lake."""

    after_full_load: Moment
    after_changes: Moment
    incremental: Warehouse
    rebuilt: Warehouse


@contextmanager
def process_zone(name: str) -> Iterator[None]:
    """Run this process and those it starts under another TZ."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


def moment(connections: list[Connection], reporting: Reporting, warehouse: Warehouse) -> Moment:
    """Oracle and marts as they are now."""
    return Moment(expected(connections, reporting), {model: warehouse.rows(model) for model in KEYS})


@pytest.fixture(scope="session")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """Three seeds through two CRMs as six connections, a full load and five days."""
    home = tmp_path_factory.mktemp("truth")
    worlds = {seed: make_world(seed, SIZE) for seed in SEEDS}
    served = [
        Served(f"{crm}_{seed}", crm, world, "crm_field" if seed == 3 else "history")
        for seed, world in worlds.items()
        for crm in golden.CRMS
    ]
    with ExitStack() as stack:
        stack.enter_context(process_zone(FOREIGN_ZONE))
        portals = Portals(home, served, REPORTING, stack)
        warehouse = Warehouse(home)
        portals.read()
        warehouse.build()
        after_full_load = moment(portals.as_seen(), REPORTING, warehouse)
        for _ in range(DAYS):
            for world in worlds.values():
                world.advance(1)
            portals.read()
        warehouse.build()
        after_changes = moment(portals.as_seen(), REPORTING, warehouse)
    rebuilt = Warehouse(tmp_path_factory.mktemp("rebuilt"))
    rebuilt.share(warehouse)
    rebuilt.build("--full-refresh")
    return Truth(after_full_load, after_changes, warehouse, rebuilt)


@pytest.fixture(scope="session")
def golden_warehouse(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, Moment]:
    """The golden company through both CRMs, read at every capture, built once."""
    home = tmp_path_factory.mktemp("golden")
    first, *later = golden.captures()
    world = golden.company(first)
    with ExitStack() as stack:
        served = [Served(f"golden_{crm}", crm, world) for crm in golden.CRMS]
        portals = Portals(home, served, golden.REPORTING, stack)
        portals.read()
        for capture in later:
            golden.go_on(world, capture)
            portals.read()
        warehouse = Warehouse(home)
        warehouse.build()
        return warehouse, moment(portals.as_seen(), golden.REPORTING, warehouse)
