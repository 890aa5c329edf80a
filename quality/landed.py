"""Expectations on what was landed: all was read lately, nothing got lost, payloads are as they were."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from extract.core.lake import Lake
from quality import reconciling_landed, shapes
from quality.expectation import Expectation, text, values

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from quality.thresholds import Landed

MEASURED = "live_rows"
EXAMPLES = 20
_NO_CAPTURES = (
    "'' as connection, '' as id, now()::timestamp as modified_at, '' as payload,"
    " now()::timestamp as extracted_at, false as is_deleted, '' as _dlt_load_id"
)


@dataclass(frozen=True)
class LandedRequest:
    """What the landed checkpoint is asked about.

    Attributes:
        tables: (crm, entity) of the lake tables with new loads.
        now: Per connection, the start of this run on that portal's clock.
        rows_before: `connection crm entity` to the live rows of the last build.
        shapes_before: `connection crm entity` to the shape of its payloads up to the last build.
        read_keys: `crm entity` to the keys of payloads that models read.
        censuses: What portals show now, where that was asked.
    """

    lake: str
    tables: list[list[str]]
    now: dict[str, str]
    rows_before: dict[str, int] = field(default_factory=dict)
    shapes_before: dict[str, Any] = field(default_factory=dict)
    read_keys: dict[str, list[str]] = field(default_factory=dict)
    censuses: list[dict[str, str]] = field(default_factory=list)


def measure(
    request: LandedRequest, lake: Path, limits: Landed, database: duckdb.DuckDBPyConnection
) -> tuple[dict[str, int], dict[str, Any]]:
    """Look through the new tables once, into tables that the expectations then read.

    Returns:
        Per table its live rows, and the shape of its payloads with the new ones.
    """
    parts = [_live_rows(lake, crm, entity) for crm, entity in request.tables]
    empty = (
        "select '' as connection, '' as crm, '' as entity, 0 as live, []::varchar[] as gone_ids where false"
    )
    database.execute(f"create table {MEASURED} as {' union all '.join(parts) or empty}")
    rows = database.execute(f"select connection, crm, entity, live from {MEASURED}").fetchall()  # noqa: S608
    reconciling_landed.measure(request.censuses, partial(captures, lake), database)
    found = _measure_shapes(
        request, lake, [f"{name} {crm} {entity}" for name, crm, entity, _ in rows], database
    )
    before = shapes.from_json(request.shapes_before)
    shapes.write_changes(before, found, request.read_keys, limits.schema_drift, database)
    joined = {
        table: before[table].after(shape, limits.schema_drift) if table in before else shape
        for table, shape in found.items()
    }
    return (
        {f"{connection} {crm} {entity}": live for connection, crm, entity, live in rows},
        shapes.as_json(joined),
    )


def expectations(request: LandedRequest, lake: Path, limits: Landed) -> list[Expectation]:
    """The expectations, each over its own query."""
    found = [_volume(request, limits), *shapes.expectations(limits.schema_drift)]
    if request.censuses:
        found.append(reconciling_landed.expectation(limits.reconciliation))
    if any((lake / "dealhouse" / "extraction_runs").glob("*.parquet")):
        found.append(_freshness(request, lake, limits))
    return found


def _measure_shapes(
    request: LandedRequest, lake: Path, tables: list[str], database: duckdb.DuckDBPyConnection
) -> dict[str, shapes.Shape]:
    found = {}
    for table in tables:
        connection, crm, entity = table.split(" ")
        known = request.shapes_before.get(table)
        newer_than = known["load_id"] if known else ""
        shape = shapes.measure_shape(captures(lake, crm, entity), connection, newer_than, database)
        if shape is not None:
            found[table] = shape
    return found


def captures(lake: Path, crm: str, entity: str) -> str:
    """The committed captures of a lake table, as SQL."""
    paths = [text(str(file.path)) for file in Lake(lake.parent).committed_files(crm, entity)]
    if not paths:
        return f"select {_NO_CAPTURES} where false"
    return f"select * from read_parquet([{', '.join(paths)}], union_by_name = true)"  # noqa: S608


def _live_rows(lake: Path, crm: str, entity: str) -> str:
    return f"""
        select connection, {text(crm)} as crm, {text(entity)} as entity,
               count(*) filter (where not is_deleted) as live,
               min(id, {EXAMPLES}) filter (where is_deleted) as gone_ids
        from (
            select connection, id, max_by(is_deleted, (extracted_at, _dlt_load_id)) as is_deleted
            from ({captures(lake, crm, entity)})
            group by connection, id
        )
        group by connection
    """  # noqa: S608


def _volume(request: LandedRequest, limits: Landed) -> Expectation:
    tables = {tuple(table) for table in request.tables}
    before = [
        (*(text(part) for part in key.split(" ")), str(rows))
        for key, rows in request.rows_before.items()
        if tuple(key.split(" ")[1:]) in tables
    ]
    given = values(before, ("connection", "crm", "entity", "rows_before"))
    query = (
        "select connection, crm, entity, rows_before, coalesce(live, 0) as rows_now, gone_ids"  # noqa: S608
        f" from {given} left join {MEASURED} using (connection, crm, entity)"
    )
    kept = 1 - limits.volume.largest_drop
    unexpected = (
        f"(rows_before >= {limits.volume.smallest_table} and rows_now < rows_before * {kept})"
        " or (rows_before > 0 and rows_now = 0)"
    )
    text_of_it = f"No table lost more than {limits.volume.largest_drop:.0%} of its live rows, or all of them."
    return Expectation("volume", limits.volume.severity, query, unexpected, text_of_it)


def _freshness(request: LandedRequest, lake: Path, limits: Landed) -> Expectation:
    now: list[tuple[str, ...]] = [
        (text(name), f"{text(moment)}::timestamp") for name, moment in sorted(request.now.items())
    ]
    runs = text(str(lake / "dealhouse" / "extraction_runs" / "*.parquet"))
    query = f"""
        select connection, any_value(crm) as crm, entity, any_value(now)::timestamp as now,
               max(started_at) filter (
                   where is_complete or not coalesce(is_required, true)
               ) as last_complete_at
        from read_parquet({runs}, union_by_name = true)
        join {values(now, ("connection", "now"))} using (connection)
        group by connection, entity
    """  # noqa: S608
    oldest = f"now - interval '{round(limits.freshness.hours * 60)} minutes'"
    unexpected = f"last_complete_at is null or last_complete_at < {oldest}"
    description = f"Every entity that is offered was read completely within {limits.freshness.hours:g} hours."
    return Expectation("freshness", limits.freshness.severity, query, unexpected, description)
