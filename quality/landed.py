"""Expectations on what was landed: every connection was read lately, and no table lost much of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from quality.expectation import Expectation, text, values

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from quality.thresholds import Landed

MEASURED = "live_rows"


@dataclass(frozen=True)
class LandedRequest:
    """What the landed checkpoint is asked about.

    Attributes:
        tables: (crm, entity) of the lake tables with new loads.
        now: Per connection, the start of this run on that portal's clock.
        rows_before: `connection crm entity` to the live rows of the last build.
    """

    lake: str
    tables: list[list[str]]
    now: dict[str, str]
    rows_before: dict[str, int] = field(default_factory=dict)


def measure(request: LandedRequest, lake: Path, database: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Count the live rows of the new tables once, into a table that the expectations then read."""
    parts = [_live_rows(lake, crm, entity) for crm, entity in request.tables]
    empty = "select '' as connection, '' as crm, '' as entity, 0 as live where false"
    database.execute(f"create table {MEASURED} as {' union all '.join(parts) or empty}")
    rows = database.execute(f"select connection, crm, entity, live from {MEASURED}").fetchall()  # noqa: S608
    return {f"{connection} {crm} {entity}": live for connection, crm, entity, live in rows}


def expectations(request: LandedRequest, lake: Path, limits: Landed) -> list[Expectation]:
    """The expectations, each over its own query."""
    found = [_volume(request, limits)]
    if any((lake / "dealhouse" / "extraction_runs").glob("*.parquet")):
        found.append(_freshness(request, lake, limits))
    return found


def _live_rows(lake: Path, crm: str, entity: str) -> str:
    files = text(str(lake / crm / entity / "*.parquet"))
    loads = text(str(lake / crm / "_dlt_loads" / "*.jsonl*"))
    columns = "{schema_name: 'VARCHAR', load_id: 'VARCHAR', status: 'BIGINT'}"
    return f"""
        select connection, {text(crm)} as crm, {text(entity)} as entity,
               count(*) filter (where not is_deleted) as live
        from (
            select connection, id, max_by(is_deleted, (extracted_at, _dlt_load_id)) as is_deleted
            from read_parquet({files}, union_by_name = true)
            where (connection, _dlt_load_id) in (
                select (schema_name, load_id)
                from read_json({loads}, format = 'newline_delimited', columns = {columns}) where status = 0
            )
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
        "select connection, crm, entity, rows_before, coalesce(live, 0) as rows_now"  # noqa: S608
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
        select connection, any_value(crm) as crm, entity, any_value(now) as now,
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
