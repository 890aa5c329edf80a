from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.places import Places
from orchestration.publication import publish

MARTS = Path(__file__).with_name("marts.sql")


def make_marts(database: Path) -> Path:
    """Hand-made marts of three deals in the shape that the models give them."""
    database.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(database)) as connection:
        connection.execute(MARTS.read_text(encoding="utf-8"))
    return database


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


@pytest.fixture(scope="session")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_marts(tmp_path_factory.mktemp("marts") / "dealhouse.duckdb")


@pytest.fixture
def published_home(places: Places) -> Places:
    """A home with one published version of the hand-made marts."""
    make_marts(places.next_database)
    publish(places, {}, None)
    return places
