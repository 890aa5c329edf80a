"""The facts that `status` tells, each from where it is kept, and a word for what is not there yet."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb

from orchestration import build_record
from orchestration.alerts.outbox import FILE
from orchestration.lake_care.sizes import bytes_below
from orchestration.publication_records import read_from
from orchestration.versions import current_version

if TYPE_CHECKING:
    from orchestration.places import Places

_ISSUES = """
    select status, severity, count(*) from data_quality.dq_issues
    where status <> 'resolved' group by all order by all
"""
_SEVERITIES = ("error", "warning", "info")


def last_build(places: Places) -> str:
    """When the working database was last built, and what is to be done with it."""
    record = build_record.read_record(places)
    if record.built is None:
        return "never finished" if record.pending else "none yet"
    changed = places.warehouse.stat().st_mtime if places.warehouse.exists() else 0.0
    built = f"{datetime.fromtimestamp(changed, UTC):%Y-%m-%d %H:%M} UTC" if changed else "removed since"
    if record.pending:
        return f"{built}; another one was begun and is not finished"
    return f"{built}, not published" if record.awaits_publication else built


def last_publication(places: Places) -> str:
    """The version that readers see."""
    current = current_version(places)
    if current is None:
        return "nothing yet"
    rows = read_from(places.served_database)  # none when it was published without a connection
    published_at = f"{rows[-1].published_at:%Y-%m-%d %H:%M} UTC, " if rows else ""
    kept = sum(folder.is_dir() for folder in places.versions.iterdir())
    return f"{published_at}version {current.name} ({kept} kept)"


def issues(places: Places) -> str:
    """What is open, by severity; new and muted ones told apart."""
    if not places.served_database.exists():
        return ""
    try:
        with duckdb.connect(str(places.served_database), read_only=True) as database:
            rows = database.execute(_ISSUES).fetchall()
    except duckdb.CatalogException:  # published by a version without issues
        return ""
    counts = dict.fromkeys(_SEVERITIES, 0)
    by_status: dict[str, int] = {}
    for status, severity, count in rows:
        by_status[status] = by_status.get(status, 0) + count
        if status != "muted":
            counts[severity] = counts.get(severity, 0) + count
    open_ones = sum(counts.values())
    parts = ", ".join(f"{count:,} {severity}" for severity, count in counts.items() if count)
    new, muted = by_status.get("new", 0), by_status.get("muted", 0)
    return f"{open_ones:,} open ({parts or 'none'}), {new:,} of them new; {muted:,} muted"


def alerts(places: Places) -> str:
    """What was not delivered, and what may or may not have been."""
    outbox = places.home / "alerts" / FILE
    if not outbox.exists():
        return "none were ever sent"
    with closing(sqlite3.connect(f"file:{outbox}?mode=ro", uri=True, timeout=5)) as database:
        waiting = database.execute("select count(*) from waiting").fetchone()[0]
        states = dict(database.execute("select state, count(*) from deliveries group by state").fetchall())
    parts = [f"{states.get('sent', 0):,} sent", f"{waiting:,} news waiting"]
    parts += [f"{states[state]:,} {state}" for state in ("failed", "unknown", "claimed") if states.get(state)]
    return ", ".join(parts)


def sizes(places: Places) -> dict[str, int]:
    """Bytes of each part of the home."""
    folders = {
        "lake": places.lake,
        "serving": places.serving,
        "warehouse": places.warehouse,
        "dagster": places.dagster,
        "logs": places.logs,
    }
    found = {name: bytes_below(folder) for name, folder in folders.items() if folder.exists()}
    return found | {"other": max(bytes_below(places.home) - sum(found.values()), 0)}


def free_space(places: Places) -> int:
    """Bytes that the disk still has."""
    return shutil.disk_usage(places.home).free
