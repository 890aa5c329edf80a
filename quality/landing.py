"""The rules as they hold for each connection, landed where SQL reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extract.core.files import atomic_write_parquet
from extract.core.lake import INSTANT, OWN, Lake

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "dq_rules"
_KINDS = {"threshold": pa.float64(), "is_enabled": pa.bool_()}
COLUMNS = (
    "rule_id",
    "connection",
    "record_type",
    "severity",
    "title_en",
    "title_ru",
    "why",
    "fix",
    "parameters",
    "threshold",
    "reads",
    "is_enabled",
    "rule_version",
)
_SCHEMA = pa.schema([("landed_at", INSTANT), *((name, _KINDS.get(name, pa.string())) for name in COLUMNS)])
# A rule that left the file is off, which is a version of its own.
_OFF = {"is_enabled": False, "rule_version": "off"}


def land_rules(home: Path, rows: list[dict[str, Any]]) -> None:
    """Land what differs from the landed rules of the same connections, as one file."""
    landed = _landed(home)
    wanted = {(row["rule_id"], row["connection"]): row for row in rows}
    connections = {connection for _, connection in wanted}
    gone = {key: row | _OFF for key, row in landed.items() if key not in wanted and key[1] in connections}
    changed = [row for key, row in (wanted | gone).items() if landed.get(key) != row]
    if changed:
        now = datetime.now(UTC).replace(tzinfo=None)
        table = pa.Table.from_pylist([{"landed_at": now} | row for row in changed], _SCHEMA)
        atomic_write_parquet(table, home / "lake" / OWN / TABLE, TABLE)


def _landed(home: Path) -> dict[tuple[str, str], dict[str, Any]]:
    rows = sorted(Lake(home).own_rows(TABLE), key=lambda row: row["landed_at"])
    return {(row["rule_id"], row["connection"]): {name: row.get(name) for name in COLUMNS} for row in rows}
