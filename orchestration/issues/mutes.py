"""Mutes: what people decided to hear nothing of until a day, landed where the next build reads it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from extract.core.files import atomic_write_parquet
from extract.core.lake import INSTANT

if TYPE_CHECKING:
    from orchestration.places import Places

TABLE = "dq_mutes"
_SCHEMA = pa.schema(
    [
        ("muted_at", INSTANT),
        ("issue_key", pa.string()),
        ("muted_until", pa.date32()),
        ("reason", pa.string()),
        ("muted_by", pa.string()),
    ]
)


@dataclass(frozen=True)
class Mute:
    """One decision about one issue; without a day it is heard again at once."""

    issue_key: str
    muted_until: date | None
    reason: str | None
    muted_by: str


def land_mute(places: Places, mute: Mute) -> None:
    """Land the decision; of several about one issue the newest counts."""
    row = {"muted_at": datetime.now(UTC).replace(tzinfo=None)} | asdict(mute)
    atomic_write_parquet(pa.Table.from_pylist([row], _SCHEMA), places.own_lake / TABLE, TABLE)
