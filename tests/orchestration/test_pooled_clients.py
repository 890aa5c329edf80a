"""BI tools hold connections in pools: which of them see the next version, and after what."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.places import Places

PUBLISH = """
import sys
from pathlib import Path
import duckdb
from orchestration.places import Places
from orchestration.publication import publish

places = Places(Path(sys.argv[1]))
with duckdb.connect(str(places.next_database)) as connection:
    connection.execute("delete from marts.fct_deals")
publish(places, {}, None)
"""
DEALS = sqlalchemy.text("select count(*) from marts.fct_deals")


def client(places: Places, **pool: Any) -> sqlalchemy.Engine:
    return sqlalchemy.create_engine(
        f"duckdb:///{places.served_database}", connect_args={"read_only": True}, **pool
    )


def deals(engine: sqlalchemy.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(DEALS).scalar_one())


def lose_all_deals(places: Places) -> None:
    # A process of its own, as it always is: in one process DuckDB opens a file in one way only.
    subprocess.run([sys.executable, "-c", PUBLISH, str(places.home)], check=True)


def test_a_client_without_a_pool_sees_the_next_version_at_once(published_home: Places) -> None:
    engine = client(published_home, poolclass=sqlalchemy.NullPool)
    with engine.connect() as held:  # another query of the same process that goes on meanwhile
        before = int(held.execute(DEALS).scalar_one())
        lose_all_deals(published_home)
        assert (before, deals(engine)) == (3, 0)
        assert held.execute(DEALS).scalar_one() == 3


@pytest.mark.parametrize(
    ("pool", "turn_over"),
    [({}, lambda engine: engine.dispose()), ({"pool_recycle": 1}, lambda _engine: time.sleep(2))],
    ids=["dispose", "recycle"],
)
def test_a_pooled_client_keeps_its_version_until_its_connections_turn_over(
    published_home: Places, pool: dict[str, Any], turn_over: Callable[[sqlalchemy.Engine], None]
) -> None:
    engine = client(published_home, poolclass=sqlalchemy.QueuePool, **pool)
    assert deals(engine) == 3
    lose_all_deals(published_home)
    if not pool:
        assert deals(engine) == 3
    turn_over(engine)
    assert deals(engine) == 0
    engine.dispose()


def test_no_client_can_write(published_home: Places) -> None:
    engine = client(published_home, poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection, pytest.raises(sqlalchemy.exc.DBAPIError, match="read-only"):
        connection.execute(sqlalchemy.text("create table marts.own as select 1 as one"))
