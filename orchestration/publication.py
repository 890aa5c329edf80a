"""Publication: the built marts as one more version, swapped in by one rename.

Whatever moment a kill chooses, `serving/current` leads to a whole version; the next run removes the rest.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb

from extract.core.files import private_folder
from orchestration import publication_records as records
from orchestration import versions
from orchestration.places import PRIVATE_FILE, Places
from orchestration.reports.fields import quoted
from orchestration.reports.statement import CUSTOM_VALUES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

CUSTOM_FIELDS = "custom_fields"
SERVED_SCHEMAS = ("marts", "data_quality", CUSTOM_FIELDS)


@dataclass(frozen=True)
class Publication:
    """One published version."""

    run_id: str
    folder: Path
    tables: int
    exported: int
    linked: int


def publish(
    places: Places, data_as_of: Mapping[str, datetime], touched: Collection[str] | None
) -> Publication:
    """Publish what `serving/next.duckdb` holds.

    Args:
        places: The home.
        data_as_of: Per connection, the moment its data is complete up to.
        touched: The relations (`schema.name`) built since the last publication; None when that is not known.
            Parquet files of others are linked from the last version.
    """
    versions.remove_leftovers(places)
    _record_current(places)
    published_at = datetime.now(UTC).replace(tzinfo=None)
    run_id = f"{published_at:%Y%m%dT%H%M%S%fZ}"
    rows = [records.Row(run_id, published_at, name, moment) for name, moment in sorted(data_as_of.items())]
    staged = versions.staging_folder(places, run_id)
    database = _copy_database(places, staged)
    records.write_into(database, [*records.read_lake(places), *rows])
    exported, linked = _export(database, staged / versions.PARQUET, versions.current_version(places), touched)
    version = versions.make_current(places, staged)
    records.append_to_lake(places, rows)
    versions.remove_old_versions(places)
    return Publication(run_id, version, exported + linked, exported, linked)


def _record_current(places: Places) -> None:
    """Land what a kill between the swap and the lake left out: the published version still knows it."""
    current = versions.current_version(places)
    if current is None:
        return
    known = {row.run_id for row in records.read_lake(places)}
    try:
        published = records.read_from(current / versions.DATABASE)
    except duckdb.Error:
        return  # damaged: the version that is about to be made takes its place
    missing = [row for row in published if row.run_id not in known]
    if missing:
        records.append_to_lake(places, missing)


def _copy_database(places: Places, staged: Path) -> Path:
    # A killed build leaves a write-ahead log beside the file: opening and closing folds it in.
    with duckdb.connect(str(places.next_database)) as connection:
        connection.execute("force checkpoint")
    target = staged / versions.DATABASE
    shutil.copyfile(places.next_database, target)
    target.chmod(PRIVATE_FILE)
    return target


def _export(
    database: Path, folder: Path, last_version: Path | None, touched: Collection[str] | None
) -> tuple[int, int]:
    exported = linked = 0
    with duckdb.connect(str(database), read_only=True) as connection:
        # Keeping the order of rows, which means nothing here, would take twice the time.
        connection.execute("set preserve_insertion_order = false")
        for schema, table in _served_relations(connection):
            target = private_folder(folder / schema) / f"{table}.parquet"
            last = last_version / versions.PARQUET / schema / target.name if last_version else None
            is_touched = _is_touched(schema, table, touched)
            if last is not None and last.exists() and not is_touched:
                os.link(last, target)
                linked += 1
                continue
            connection.table(f"{quoted(schema)}.{quoted(table)}").write_parquet(
                str(target), compression="zstd"
            )
            target.chmod(PRIVATE_FILE)
            exported += 1
    return exported, linked


def _is_touched(schema: str, table: str, touched: Collection[str] | None) -> bool:
    """Wide views of custom fields come with their bridge; every version has its own list of publications."""
    made_by = CUSTOM_VALUES if schema == CUSTOM_FIELDS else f"{schema}.{table}"
    return touched is None or made_by in touched or table == records.TABLE


def _served_relations(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """A fact or bridge that is a view is laid out as it is read, by record and day: no file holds it."""
    return connection.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_catalog = current_database() and list_contains($schemas, table_schema)"
        " and not (table_type = 'VIEW' and regexp_matches(table_name, '^(fct|bridge)_'))"
        " order by table_schema, table_name",
        {"schemas": list(SERVED_SCHEMAS)},
    ).fetchall()
