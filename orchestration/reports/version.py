"""Which published version answers, and as of when its data is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb


@dataclass(frozen=True)
class Version:
    """A published version: the run that made it, and how far each connection's data reached then (UTC)."""

    run_id: str
    data_as_of: dict[str, datetime]


def read_version(connection: duckdb.DuckDBPyConnection) -> Version:
    """The version that `connection` is open on: the newest of those that it remembers."""
    rows = connection.execute(
        "select run_id, connection, data_as_of_at from marts.publications"
        " where run_id = (select max_by(run_id, (published_at, run_id)) from marts.publications)"
        " order by connection"
    ).fetchall()
    return Version(rows[0][0] if rows else "", {name: moment for _, name, moment in rows})
