"""Which loads are committed, and which of them a file holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import orjson
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "_dlt_loads"
FOLDED = "compacted.jsonl"
"""Lines of many loads; every other file of the ledger holds one, which its name tells."""
COMPACTED = ".compacted-"
LOADS_KEY = "dealhouse_loads"


@dataclass(frozen=True)
class LakeFile:
    """A Parquet file of a lake table, as its name tells; of a compacted file that is its newest load."""

    path: Path
    connection: str
    load_id: str

    @staticmethod
    def of(path: Path) -> LakeFile:
        """What `<connection>.<load id>.<file id>.parquet` says; a load id has a point in it."""
        connection, _, rest = path.name.removesuffix(".parquet").partition(".")
        return LakeFile(path, connection, rest.rpartition(".")[0])

    @property
    def load_ids(self) -> tuple[str, ...]:
        """Every load that it holds rows of."""
        return loads_in(str(self.path)) or (self.load_id,)


def committed_in(schema: Path) -> set[tuple[str, str]]:
    """(connection, load id) of every committed load; the files appear whole, so their names suffice."""
    folder = schema / FOLDER
    # The names first: a line that moves to the folded file meanwhile is then read twice, and not missed.
    names = [path.stem for path in folder.glob("*.jsonl") if path.name != FOLDED]
    single = {(connection, load_id) for connection, _, load_id in (name.rpartition("__") for name in names)}
    folded = folder / FOLDED
    if not folded.exists():
        return single
    return single | _folded(str(folded), folded.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _folded(path: str, _changed: int) -> frozenset[tuple[str, str]]:
    with open(path, "rb") as file:  # noqa: PTH123
        lines = [orjson.loads(line) for line in file]
    return frozenset((line["schema_name"], line["load_id"]) for line in lines if line["status"] == 0)


@cache
def loads_in(path: str) -> tuple[str, ...]:
    """The loads that a compacted file says it holds; none for a file that dlt wrote, whose name tells."""
    if COMPACTED not in path:
        return ()
    metadata = pq.read_metadata(path).metadata or {}
    return tuple(orjson.loads(metadata[LOADS_KEY.encode()]))
