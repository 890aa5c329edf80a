"""What portals show now, beside what is landed: what this run should have read, and did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quality.expectation import Expectation, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import duckdb

    from quality.thresholds import Reconciliation

TABLE = "reconciled_records"
EXAMPLES = 20


def measure(
    censuses: Sequence[Mapping[str, str]],
    captures: Callable[[str, str], str],
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Compare each census with its connection's records, into the table that the expectation reads.

    Args:
        censuses: Of each its `connection`, `crm` and `entity`, the Parquet `file`, and `settled_at`: what a
            portal changed before must be landed.
        captures: The committed captures of an entity of a CRM, as SQL.
        database: Any open database.
    """
    database.execute(
        f"create table {TABLE} (connection varchar, crm varchar, entity varchar, landed bigint,"
        " shown bigint, unread bigint, outdated bigint, record_ids varchar[])"
    )
    for census in censuses:
        landed = captures(census["crm"], census["entity"])
        database.execute(f"insert into {TABLE} {_comparison(census, landed)}")


def _comparison(census: Mapping[str, str], captures: str) -> str:
    """What is landed and not shown may have been deleted since, or by someone whose sweep is not due yet."""
    return f"""
        with
            shown as (
                select native_id, max(modified_at) as modified_at
                from read_parquet({text(census["file"])})
                group by native_id
            ),
            landed as (
                select
                    id,
                    max(modified_at) filter (where not is_deleted) as modified_at,
                    max_by(is_deleted, (extracted_at, _dlt_load_id)) as is_deleted
                from ({captures})
                where connection = {text(census["connection"])}
                group by id
            ),
            compared as (
                select
                    shown.native_id,
                    coalesce(landed.is_deleted, true) as is_unread,
                    landed.modified_at < shown.modified_at as is_outdated
                from shown
                left join landed on shown.native_id = landed.id
                where shown.modified_at < {text(census["settled_at"])}::timestamp
            )
        select
            {text(census["connection"])},
            {text(census["crm"])},
            {text(census["entity"])},
            (select count(*) filter (where not is_deleted) from landed),
            (select count(*) from shown),
            count(*) filter (where is_unread),
            count(*) filter (where not is_unread and is_outdated),
            min(native_id, {EXAMPLES}) filter (where is_unread or is_outdated)
        from compared
    """  # noqa: S608


def expectation(limits: Reconciliation) -> Expectation:
    """No more records are missing or outdated than chance explains."""
    wrong = "(unread + outdated)"
    return Expectation(
        "reconciliation",
        limits.severity,
        f"select * from {TABLE}",  # noqa: S608
        f"{wrong} > {limits.largest_count} and {wrong} > shown * {limits.largest_share}",
        f"Of what the CRM shows, no more than {limits.largest_share:.0%} and {limits.largest_count} records"
        " are missing or outdated.",
    )
