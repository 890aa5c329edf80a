"""The warehouses of the truth tests, each made once."""

from __future__ import annotations

import os
import pickle
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from typing import TYPE_CHECKING, TypeVar

import pytest

from simulator.world import make_world
from tests.oracle.clients import Places, places
from tests.oracle.days import sampled_days
from tests.oracle.expected import KEYS, SAMPLED, WORKED_OUT, expected
from tests.oracle.inputs import Connection, Reporting, Row
from tests.truth import golden, golden_company
from tests.truth.warehouse import Portals, Served, Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

REPORTING = Reporting("EUR", "Europe/Moscow")
SEEDS = (1, 2, 3)
SIZE = 0.025
DAYS = 10
FOREIGN_ZONE = "Asia/Tehran"  # where the process runs: no portal's zone, and off the full hour
T = TypeVar("T")
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
    places: Places


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
    return Moment(expected(connections, reporting), marts_of(warehouse, sampled_days(connections, reporting)))


def marts_of(warehouse: Warehouse, days: list[date]) -> Models:
    """The rows of all marts in `KEYS`; of those by day the days that the oracle works out."""
    listed = ", ".join(f"date '{day}'" for day in days)
    conditions = {model: f"{column} in ({listed})" for model, column in SAMPLED.items()}
    conditions |= {model: f"{column} in {values}" for model, (column, values) in WORKED_OUT.items()}
    return {
        model: warehouse.rows(model, conditions.get(model, "true"))
        for model in KEYS
        if model in warehouse.models()
    }


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], T]) -> T:
    """What `make` gives for a new folder; workers that run beside each other make it once, too."""
    own = factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    made = shared / f"{name}.pickle"
    with (shared / f"{name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not made.exists():
            made.write_bytes(pickle.dumps(make(factory.mktemp(name))))
    result: T = pickle.loads(made.read_bytes())  # noqa: S301  our own file
    return result


@pytest.fixture(scope="session")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """Three seeds through two CRMs as six connections, a full load and ten days."""
    return made_once(tmp_path_factory, "truth", make_truth)


@pytest.fixture(scope="session")
def golden_warehouse(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, Moment]:
    """The golden company through both CRMs, read at every capture, built once."""
    return made_once(tmp_path_factory, "golden", make_golden)


def make_truth(folder: Path) -> Truth:
    home, rebuilt = folder / "incremental", Warehouse(folder / "rebuilt")
    home.mkdir()
    worlds = {seed: make_world(seed, SIZE) for seed in SEEDS}
    served = [
        Served(
            f"{crm}_{seed}",
            crm,
            world,
            closing_date="crm_field" if seed == 3 else "history",
            repeat="crm" if seed == 2 else "computed",
            has_loss_reason_field=seed != 3,
        )
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
        for day in range(1, DAYS + 1):
            for world in worlds.values():
                world.advance(1)
            portals.read()
            if day == DAYS // 2:
                warehouse.build()
        warehouse.build(with_tests=True)
        after_changes = moment(portals.as_seen(), REPORTING, warehouse)
        where = places(portals.as_seen())
    rebuilt.share(warehouse)
    rebuilt.build("--full-refresh")
    return Truth(after_full_load, after_changes, warehouse, rebuilt, where)


def make_golden(home: Path) -> tuple[Warehouse, Moment]:
    first, *later = golden_company.captures()
    worlds = {name: golden_company.company(name, first) for name in golden_company.PAGES}
    with ExitStack() as stack:
        served = [
            Served(f"{name}_{crm}", crm, world) for name, world in worlds.items() for crm in golden.CRMS
        ]
        portals = Portals(home, served, golden.REPORTING, stack)
        portals.read()
        for capture in later:
            for name, world in worlds.items():
                golden_company.go_on(world, name, capture)
            portals.read()
        warehouse = Warehouse(home)
        warehouse.build()
        return warehouse, moment(portals.as_seen(), golden.REPORTING, warehouse)
