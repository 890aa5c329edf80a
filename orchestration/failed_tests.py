"""Which rows a failed dbt test is about: their keys alone, other columns may hold what people wrote."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.reports.fields import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from orchestration.dbt import NodeResult
    from orchestration.places import Places

SHOWN = 3
# What dbt's own tests call the column they are about.
_OF_DBT = ("unique_field", "from_field")


def failing_keys(places: Places, query: str) -> list[str]:
    """The first keys of the rows that a test finds; none where it names no key or cannot be asked again.

    Args:
        places: Whose working database the test was run over.
        query: The test as dbt compiled it.
    """
    with suppress(duckdb.Error), duckdb.connect(str(places.warehouse), read_only=True) as connection:
        path = str(places.next_database).replace("'", "''")
        connection.execute(f"attach '{path}' as serving (read_only)")
        found = connection.sql(query)
        keys = [name for name in found.columns if name.endswith("_key") or name in _OF_DBT]
        if keys:
            first = found.select(quoted(keys[0])).distinct().order(quoted(keys[0])).limit(SHOWN)
            return [str(key) for (key,) in first.fetchall()]
    return []


def warnings(places: Places, results: Iterable[NodeResult], manifest: Mapping[str, Any]) -> Iterator[str]:
    """What tests of severity warn found: their description, which says what to do, and the first keys."""
    for result in results:
        if result.status == "warn":
            told = manifest["nodes"][result.unique_id]["description"] or result.unique_id.split(".")[2]
            keys = failing_keys(places, result.query) if result.query else []
            if len(keys) == SHOWN < (result.failures or 0):
                keys.append("...")
            yield f"{told} Found: {', '.join(keys)}" if keys else str(told)
