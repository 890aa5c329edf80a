"""The published deals of a connection beside those that its CRM shows now; the rules are in the SQL file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from extract.core.errors import DealhouseError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal

_COMPARISON = Path(__file__).with_suffix(".sql")
_STANDINGS = """
    select
        publications.connection,
        max_by(publications.data_as_of_at, publications.published_at),
        (select count(*) from marts.fct_deals where fct_deals.connection = publications.connection)
    from marts.publications
    group by publications.connection
"""
_SCOPE_SCHEMA = pa.schema(
    [("connection", pa.string()), ("settled_at", pa.timestamp("us")), ("start_date", pa.date32())]
)


class ReconciliationError(DealhouseError):
    """The published version cannot be compared."""


@dataclass(frozen=True)
class Standing:
    """How far a connection is published: what it is complete up to, and its deals."""

    data_as_of_at: datetime | None
    deal_count: int


UNPUBLISHED = Standing(None, 0)


@dataclass(frozen=True)
class Scope:
    """What is compared: changes before `settled_at` must be in the warehouse, deals since `start_date`."""

    connection: str
    settled_at: datetime
    start_date: date | None


@dataclass(frozen=True)
class Group:
    """A pipeline, stage, owner and currency in which counts or sums differ."""

    pipeline: str | None
    stage: str | None
    owner: str | None
    currency: str | None
    held_count: int
    held_amount: Decimal
    shown_count: int
    shown_amount: Decimal


@dataclass(frozen=True)
class Difference:
    """A deal that is not the same on both sides, and the one reason why; title and link if it is held."""

    native_id: str
    title: str | None
    explanation: str
    record_url: str | None


@dataclass(frozen=True)
class Reconciliation:
    """How the deals of a connection compare: counts by explanation, and what differs.

    Attributes:
        has_defects: Whether time explains less than all of it.
    """

    counts: Mapping[str, int]
    held_count: int
    deleted_count: int
    has_defects: bool
    groups: tuple[Group, ...]
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        """The counts in words."""
        equal = self.counts.get("equal", 0)
        others = [f"{count:,} {what}" for what, count in self.counts.items() if what != "equal"]
        return ", ".join([f"{equal:,} equal", *others]) if others else f"{equal:,} deals equal"


def standings(published: duckdb.DuckDBPyConnection) -> dict[str, Standing]:
    """The connections of the published version."""
    try:
        rows = published.execute(_STANDINGS).fetchall()
    except duckdb.Error as error:
        raise _failure(error) from error
    return {connection: Standing(moment, count) for connection, moment, count in rows}


def reconcile(published: duckdb.DuckDBPyConnection, census: pa.Table, scope: Scope) -> Reconciliation:
    """Compare the published deals with the census of their connection."""
    published.register("census", census)
    published.register("scope", pa.Table.from_pylist([vars(scope)], _SCOPE_SCHEMA))
    try:
        published.execute(_COMPARISON.read_text(encoding="utf-8"))
        counts = published.view("reconciled_counts").fetchall()
        groups = published.view("differing_groups").fetchall()
        differences = published.view("differing_deals").fetchall()
    except duckdb.Error as error:
        raise _failure(error) from error
    finally:
        published.unregister("census")
        published.unregister("scope")
    return Reconciliation(
        counts={explanation: count for explanation, count, *_ in counts},
        held_count=sum(held for _, _, held, _, _ in counts),
        deleted_count=sum(deleted for *_, deleted, _ in counts),
        has_defects=any(is_defect for *_, is_defect in counts),
        groups=tuple(Group(*row) for row in groups),
        differences=tuple(Difference(*row) for row in differences),
    )


def _failure(error: duckdb.Error) -> ReconciliationError:
    advice = "Build it anew: dealhouse run --full-refresh"
    return ReconciliationError(f"The published version cannot be compared: {error}", "", advice)
