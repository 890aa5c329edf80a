"""Published deals or leads of a connection beside those that its CRM shows; the rules are in the SQL file."""

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
# Leads may be contacts: as many have to be looked at.
_STANDINGS = """
    with
        records as (
            select connection, 'deals' as entity from marts.fct_deals
            union all
            select connection, 'leads' as entity from marts.fct_leads
            union all
            select connection, 'contacts' as entity from marts.dim_contacts
        ),
        counts as (select connection, entity, count(*) as row_count from records group by connection, entity),
        moments as (
            select connection, max_by(data_as_of_at, published_at) as data_as_of_at
            from marts.publications
            group by connection
        )
    select moments.connection, moments.data_as_of_at, counts.entity, counts.row_count
    from moments
    left join counts on moments.connection = counts.connection
"""
_SCOPE_SCHEMA = pa.schema(
    [
        ("connection", pa.string()),
        ("entity", pa.string()),
        ("record_type", pa.string()),
        ("settled_at", pa.timestamp("us")),
        ("start_date", pa.date32()),
        ("has_amounts", pa.bool_()),
        ("has_lasting_stages", pa.bool_()),
    ]
)


class ReconciliationError(DealhouseError):
    """The published version cannot be compared."""


@dataclass(frozen=True)
class Standing:
    """How far a connection is published: what it is complete up to, and its records by entity."""

    data_as_of_at: datetime | None
    row_counts: Mapping[str, int]


UNPUBLISHED = Standing(None, {})


@dataclass(frozen=True)
class Scope:
    """What is compared: changes before `settled_at` must be in the warehouse, records since `start_date`.

    Attributes:
        has_amounts: Whether they are worth something.
        has_lasting_stages: Whether one whose stage was cleared stands where it stood; who has none and
            never had one is not of this type.
    """

    connection: str
    entity: str
    record_type: str
    settled_at: datetime
    start_date: date | None = None
    has_amounts: bool = True
    has_lasting_stages: bool = False


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
    """A record that is not the same on both sides, and the one reason why; title and link if it is held."""

    native_id: str
    title: str | None
    explanation: str
    record_url: str | None


@dataclass(frozen=True)
class Reconciliation:
    """How the records of a scope compare: counts by explanation, and what differs.

    Attributes:
        has_defects: Whether time explains less than all of it.
    """

    scope: Scope
    counts: Mapping[str, int]
    held_count: int
    deleted_count: int
    has_defects: bool
    groups: tuple[Group, ...]
    differences: tuple[Difference, ...]

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    @property
    def counted(self) -> str:
        """How many records there are on either side, in words."""
        return f"{sum(self.counts.values()):,} {self.scope.entity}"

    def __str__(self) -> str:
        """The counts in words."""
        if self.is_equal:
            return f"{self.counted} equal"
        parts = [f"{count:,} {explanation}" for explanation, count in self.counts.items()]
        return f"{self.counted} ({', '.join(parts)})"


def standings(published: duckdb.DuckDBPyConnection) -> dict[str, Standing]:
    """The connections of the published version."""
    try:
        rows = published.execute(_STANDINGS).fetchall()
    except duckdb.Error as error:
        raise _failure(error) from error
    counts: dict[str, dict[str, int]] = {connection: {} for connection, *_ in rows}
    for connection, _, entity, row_count in rows:
        if entity is not None:
            counts[connection][entity] = row_count
    return {connection: Standing(moment, counts[connection]) for connection, moment, *_ in rows}


def reconcile(published: duckdb.DuckDBPyConnection, census: pa.Table, scope: Scope) -> Reconciliation:
    """Compare the published records of a scope with their census."""
    published.register("census", census)
    published.register("scope", pa.Table.from_pylist([vars(scope)], _SCOPE_SCHEMA))
    try:
        published.execute(_COMPARISON.read_text(encoding="utf-8"))
        counts = published.view("reconciled_counts").fetchall()
        groups = published.view("differing_groups").fetchall()
        differences = published.view("differing_records").fetchall()
    except duckdb.Error as error:
        raise _failure(error) from error
    finally:
        published.unregister("census")
        published.unregister("scope")
    return Reconciliation(
        scope=scope,
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
