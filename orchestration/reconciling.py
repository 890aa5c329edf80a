"""Published deals and leads beside those that the CRMs show now; of several connections at the same time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract.core import locks
from extract.core.census import Subject
from extract.core.errors import DealhouseError
from extract.core.losses import refuse_unlikely_loss
from orchestration.censuses import RECONCILED_ALWAYS, read_censuses, wanted_censuses
from orchestration.console import cells, out
from orchestration.extraction import wanted_connections
from orchestration.reports.answer import NotPublishedError, published
from quality.reconciliation import (
    UNPUBLISHED,
    Reconciliation,
    Scope,
    Standing,
    reconcile,
    standings,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    import duckdb
    import pyarrow as pa

    from extract.core.settings import Connection
    from extract.core.source import Census
    from orchestration.cycle import Cycle
    from orchestration.places import Places
    from orchestration.watching import Watcher

ADVICE = "Look: dealhouse reconcile --records"


class DifferenceError(DealhouseError):
    """What is published differs from what a CRM shows, and time does not explain it."""


@dataclass(frozen=True)
class _Comparison:
    """A census to be compared, and what the published version is complete up to."""

    connection: Connection
    census: Census
    data_as_of_at: datetime

    @property
    def subject(self) -> Subject:
        return Subject(self.connection.name, self.census.entity)

    @property
    def scope(self) -> Scope:
        return Scope(
            self.connection.name,
            self.census.entity,
            self.census.record_type,
            self.data_as_of_at - self.census.overlap,
            self.census.start_of(self.connection),
            has_amounts=self.census.has_amounts,
            has_lasting_stages=self.census.has_lasting_stages,
        )


@dataclass
class Reconciled:
    """What was compared, what could not be, what was left out as too large, and what a CRM refused.

    Attributes:
        left_out: Of a connection, how many records of which entity would have to be read.
        refused: What is published, though the CRM does not show it any more.
    """

    results: dict[Subject, Reconciliation] = field(default_factory=dict)
    failures: list[DealhouseError] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[Subject, DealhouseError] = field(default_factory=dict)

    @property
    def has_defects(self) -> bool:
        """Whether time does not explain everything."""
        return any(result.has_defects for result in self.results.values())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.results or self.left_out or self.refused)

    def __str__(self) -> str:
        """One line about all of them."""
        advice = f" {ADVICE}" if self.has_defects else ""
        return f"Reconciled with the CRMs: {'; '.join(self._parts())}.{advice}"

    def _parts(self) -> Iterator[str]:
        for name in dict.fromkeys(subject.connection for subject in self.results):
            yield f"{name} {_together([result for key, result in self.results.items() if key[0] == name])}"
        for name, entity in self.refused:
            yield f"{name} {entity} not reconciled (the CRM refuses them)"
        for name, counts in self.left_out.items():
            yield f"{name} not reconciled ({', '.join(counts)}): dealhouse reconcile -c {name}"


def _together(results: Sequence[Reconciliation]) -> str:
    """Results of one connection; of what nobody has, no word if there is another."""
    told = [result for result in results if result.counts] or results
    if all(result.is_equal for result in told):
        return f"{' and '.join(result.counted for result in told)} equal"
    return ", ".join(map(str, told))


def reconcile_connections(
    connections: Sequence[Connection],
    places: Places,
    watcher: Watcher,
    *,
    most_records: int | None = None,
    censuses: Mapping[Subject, pa.Table] | None = None,
) -> Reconciled:
    """Compare connections, each under its lock; one that fails stops no other.

    Args:
        connections: Those that read deals or leads.
        places: The home with the published version.
        watcher: Told the records read, as they come.
        most_records: What has more of them is left out, unless its census is given.
        censuses: Those that this run has taken already.

    Raises:
        NotPublishedError: When nothing is published yet.
        LockedError: When one of them is being read.
    """
    reconciled, given = Reconciled(), censuses or {}
    with (
        published(places.served_database) as database,
        locks.hold(places.locks, [connection.name for connection in connections]),
    ):
        known = standings(database)
        compared = [
            comparison
            for connection in connections
            for comparison in _comparisons(
                connection, known.get(connection.name, UNPUBLISHED), most_records, given, reconciled
            )
        ]
        taken = read_censuses(_missing(compared, given), places, watcher)
        reconciled.failures += taken.failures
        reconciled.refused |= {
            subject: error
            for subject, error in taken.refused.items()
            if known[subject.connection].row_counts.get(subject.entity)
        }
        tables = {**given, **taken.tables}
        for comparison in compared:
            if comparison.subject in tables:
                _compare(database, tables[comparison.subject], comparison, reconciled)
    return reconciled


def _comparisons(
    connection: Connection,
    standing: Standing,
    most_records: int | None,
    given: Collection[Subject],
    reconciled: Reconciled,
) -> Iterator[_Comparison]:
    """What of a connection is to be compared; what is not is noted."""
    if standing.data_as_of_at is None:
        reconciled.failures.append(_unpublished(connection))
        return
    for census in wanted_censuses(connection):
        comparison = _Comparison(connection, census, standing.data_as_of_at)
        count = standing.row_counts.get(census.table, 0)
        if most_records is not None and count > most_records and comparison.subject not in given:
            reconciled.left_out.setdefault(connection.name, []).append(f"{count:,} {census.table}")
        else:
            yield comparison


def _missing(
    compared: Sequence[_Comparison], given: Collection[Subject]
) -> list[tuple[Connection, list[Census]]]:
    """By connection, the censuses that are not given."""
    by_name: dict[str, tuple[Connection, list[Census]]] = {}
    for comparison in compared:
        if comparison.subject not in given:
            connection = comparison.connection
            by_name.setdefault(connection.name, (connection, []))[1].append(comparison.census)
    return list(by_name.values())


def _compare(
    database: duckdb.DuckDBPyConnection, table: pa.Table, comparison: _Comparison, reconciled: Reconciled
) -> None:
    try:
        result = reconcile(database, table, comparison.scope)
        reconciled.results[comparison.subject] = result
        where = f"connection {comparison.connection.name!r}"
        # Not explained by time: a lost right looks just like it.
        refuse_unlikely_loss(result.deleted_count, result.held_count, comparison.census.table, where)
    except DealhouseError as error:
        reconciled.failures.append(error)


def refuse_defects(reconciled: Reconciled) -> None:
    """Raise when time does not explain everything, or a connection could not be compared.

    Raises:
        DealhouseError: The failure of a connection.
        DifferenceError: Naming what differs.
    """
    for failure in reconciled.failures:
        raise failure
    if reconciled.has_defects:
        raise DifferenceError(str(reconciled), "", ADVICE)


def reconcile_after(cycle: Cycle) -> None:
    """Compare what a cycle has just published, and say so in one line; never a reason to fail it."""
    if cycle.publication is None:
        return
    try:
        reconciled = reconcile_cycle(cycle, most_records=RECONCILED_ALWAYS)
    except DealhouseError as error:
        cycle.watcher.warn(f"Not reconciled: {error}")
        return
    if not reconciled.is_empty:
        out.print(cells(reconciled)[0], soft_wrap=True)
    for failure in reconciled.failures:
        cycle.watcher.warn(f"Not reconciled: {failure}")


def reconcile_cycle(cycle: Cycle, *, most_records: int | None = None) -> Reconciled:
    """Compare the connections that a cycle has read with what it published."""
    cycle.watcher.step("Reconciling with the CRMs")
    connections = [
        connection
        for connection in wanted_connections(cycle.settings, cycle.wish.connections)
        if wanted_censuses(connection) and connection.name not in cycle.extracted.failures
    ]
    return reconcile_connections(
        connections, cycle.places, cycle.watcher, most_records=most_records, censuses=cycle.censuses
    )


def _unpublished(connection: Connection) -> NotPublishedError:
    return NotPublishedError(
        "No complete cycle of this connection is published yet.",
        f"connection {connection.name!r}",
        f"Run `dealhouse run --connection {connection.name}`.",
    )
