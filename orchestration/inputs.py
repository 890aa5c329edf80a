"""Fingerprints of what a build depends on."""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from extract.core.lake import Lake
from orchestration.build_record import Inputs
from orchestration.places import PROJECT, Places

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

_PROJECT_FILES = ("dbt_project.yml", "profiles.yml")
_PROJECT_FOLDERS = ("models", "macros", "seeds")
_PROJECT_SUFFIXES = {".sql", ".yml", ".csv"}
_UNIT_TESTS = "_unit_tests.yml"
_SETTINGS_TABLES = ("connections", "reporting")
# Transitions are none of these: a build makes them, and another one because of them would never end.
_DECISION_TABLES = ("dq_rules", "dq_mutes")
RUNS_TABLE = "dealhouse.extraction_runs"


def read_inputs(places: Places) -> Inputs:
    """The present fingerprints."""
    loads = {**loads_of(places), **_decisions_of(places), RUNS_TABLE: day_of(places)}
    return Inputs(loads, _settings_of(places), project_of(PROJECT))


def loads_of(places: Places) -> dict[str, str]:
    """Per lake table (`crm.entity`), a fingerprint of its committed loads.

    Not the newest load id: loads of several connections commit out of order. Not the names of files: the same
    loads are in fewer files after a compaction.
    """
    lake = Lake(places.home)
    return {
        f"{crm}.{entity}": _digest(
            {
                f"{file.connection} {load_id}"
                for file in lake.committed_files(crm, entity)
                for load_id in file.load_ids
            }
        )
        for crm, entity in lake.newest_loads()
    }


def _decisions_of(places: Places) -> dict[str, str]:
    """Fingerprints of what people decided about data quality; only what is downstream is built anew."""
    lake = Lake(places.home)
    return {
        f"dealhouse.{table}": _digest(str(sorted(row.items())) for row in lake.own_rows(table))
        for table in _DECISION_TABLES
    }


def day_of(places: Places) -> str:
    """A fingerprint of the day up to which each connection is complete, in the reporting zone.

    At midnight things become overdue and reports get another last day, although no record changes.
    """
    zone = ZoneInfo(Lake(places.home).reporting_timezone())
    moments = data_as_of(places).items()
    return _digest(f"{name} {moment.replace(tzinfo=UTC).astimezone(zone).date()}" for name, moment in moments)


def project_of(project: Path) -> str:
    """A fingerprint of the files that dbt builds from."""
    files = [project / name for name in _PROJECT_FILES]
    for folder in _PROJECT_FOLDERS:
        files += [file for file in (project / folder).rglob("*") if _shapes_tables(file)]
    parts = (
        f"{file.relative_to(project)} {_digest([file.read_text(encoding='utf-8')])}" for file in sorted(files)
    )
    return _digest(parts)


def _shapes_tables(file: Path) -> bool:
    """Unit tests lie beside the models, but change nothing that is built."""
    return file.suffix in _PROJECT_SUFFIXES and not file.name.endswith(_UNIT_TESTS)


def data_as_of(places: Places) -> dict[str, datetime]:
    """Per connection, the start of its last complete cycle: what its data is complete up to."""
    cycles: dict[tuple[str, str], list[tuple[datetime, bool]]] = {}
    for row in Lake(places.home).extraction_runs():
        is_read = row["is_complete"] or row.get("is_required") is False
        is_whole = bool(is_read and row["is_full_cycle"])
        cycles.setdefault((row["connection"], row["run_id"]), []).append((row["started_at"], is_whole))
    moments: dict[str, datetime] = {}
    for (connection, _), rows in cycles.items():
        if all(is_whole for _, is_whole in rows):
            started_at = min(moment for moment, _ in rows)
            moments[connection] = max(started_at, moments.get(connection, started_at))
    return moments


def _settings_of(places: Places) -> str:
    files = [file for table in _SETTINGS_TABLES for file in (places.own_lake / table).glob("*.parquet")]
    return _digest(f"{file.parent.name}/{file.name}" for file in files)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:16]
