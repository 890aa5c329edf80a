"""Logs that stay small, whoever writes them. dbt rotates its own: ten megabytes and five older files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_LOG = 5_000_000
KEPT_LOGS = 3
BY_DBT = "dbt.log"


def rotated(log: Path, largest: int = LARGEST_LOG) -> Path:
    """The log, ready to be appended to; when it has grown too large it becomes `<log>.1`, and that `.2`."""
    if not log.exists() or log.stat().st_size < largest:
        return log
    for number in range(KEPT_LOGS - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    log.replace(log.with_name(f"{log.name}.1"))
    return log


def rotate_all(folder: Path) -> None:
    """Rotate every log of ours that has grown too large."""
    for log in folder.glob("*.log"):
        if log.name != BY_DBT:
            rotated(log)
