"""The published deals beside those that the CRMs show now; of several connections at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract.core.census import ENTITY, take_census
from extract.core.errors import DealhouseError
from extract.core.losses import refuse_unlikely_loss
from orchestration import locks
from orchestration.console import cells, out
from orchestration.extraction import source_of, wanted_connections
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
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import duckdb
    import pyarrow as pa

    from extract.core.settings import Connection
    from orchestration.cycle import Cycle
    from orchestration.places import Places
    from orchestration.watching import Watcher

# 20,000 deals take Bitrix24 a minute of execution time and HubSpot 200 requests, as much as a sweep of their
# ids does; a run of a large portal would take an hour's share only to compare.
RECONCILED_ALWAYS = 20_000


class DifferenceError(DealhouseError):
    """What is published differs from what a CRM shows, and time does not explain it."""


@dataclass
class Reconciled:
    """What was compared, which connections could not be, and the deals of those that were left out."""

    results: dict[str, Reconciliation] = field(default_factory=dict)
    failures: dict[str, DealhouseError] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def has_defects(self) -> bool:
        """Whether time does not explain everything."""
        return any(result.has_defects for result in self.results.values())

    def __str__(self) -> str:
        """One line about all of them."""
        compared = [f"{name} {result}" for name, result in self.results.items()]
        not_compared = [
            f"{name} not reconciled ({count:,} deals): dealhouse reconcile -c {name}"
            for name, count in self.left_out.items()
        ]
        advice = " Look: dealhouse reconcile --records" if self.has_defects else ""
        return f"Reconciled with the CRMs: {'; '.join(compared + not_compared)}.{advice}"


def reads_deals(connection: Connection) -> bool:
    """Whether its settings ask for deals at all."""
    return connection.entities is None or ENTITY in connection.entities


def reconcile_connections(
    connections: Sequence[Connection],
    places: Places,
    watcher: Watcher,
    *,
    most_deals: int | None = None,
    censuses: Mapping[str, pa.Table] | None = None,
) -> Reconciled:
    """Compare connections, each under its lock; one that fails stops no other.

    Args:
        connections: Those that read deals.
        places: The home with the published version.
        watcher: Told the deals read, as they come.
        most_deals: A connection with more of them is left out, unless its census is given.
        censuses: Those that this run has taken already.

    Raises:
        NotPublishedError: When nothing is published yet.
        LockedError: When one of them is being read.
    """
    reconciled, taken = Reconciled(), censuses or {}
    with (
        published(places.served_database) as database,
        locks.hold(places.locks, [connection.name for connection in connections]),
    ):
        known = standings(database)
        compared: list[tuple[Connection, Scope]] = []
        for connection in connections:
            standing = known.get(connection.name, UNPUBLISHED)
            if standing.data_as_of_at is None:
                reconciled.failures[connection.name] = _unpublished(connection)
            elif _is_large(standing, most_deals) and connection.name not in taken:
                reconciled.left_out[connection.name] = standing.deal_count
            else:
                compared.append((connection, _scope(connection, standing.data_as_of_at)))
        missing = [connection for connection, _ in compared if connection.name not in taken]
        read, reconciled.failures = _read(missing, watcher, reconciled.failures)
        _compare(compared, database, {**taken, **read}, reconciled)
    return reconciled


def _is_large(standing: Standing, most_deals: int | None) -> bool:
    return most_deals is not None and standing.deal_count > most_deals


def take_censuses(connections: Sequence[Connection], places: Places, watcher: Watcher) -> dict[str, pa.Table]:
    """What portals show of their deals now; one that does not answer is told, and left out."""
    watcher.step("Comparing with the CRMs")
    with locks.hold(places.locks, [connection.name for connection in connections]):
        censuses, failures = _read(connections, watcher, {})
    for failure in failures.values():
        watcher.warn(f"Not reconciled: {failure}")
    return censuses


def _read(
    connections: Sequence[Connection], watcher: Watcher, failures: Mapping[str, DealhouseError]
) -> tuple[dict[str, pa.Table], dict[str, DealhouseError]]:
    """Censuses of several connections at the same time, and the failures so far with those of now."""
    censuses: dict[str, pa.Table] = {}
    failed = dict(failures)
    with ThreadPoolExecutor(max(1, len(connections)), thread_name_prefix="census") as pool:
        reading = {
            connection.name: pool.submit(take_census, connection, source_of(connection.crm), watcher.read)
            for connection in connections
        }
        for name, census in reading.items():
            try:
                censuses[name] = census.result()
            except DealhouseError as error:
                failed[name] = error
    return censuses, failed


def _compare(
    compared: list[tuple[Connection, Scope]],
    database: duckdb.DuckDBPyConnection,
    censuses: Mapping[str, pa.Table],
    reconciled: Reconciled,
) -> None:
    for connection, scope in compared:
        if connection.name not in censuses:
            continue
        try:
            result = reconcile(database, censuses[connection.name], scope)
            reconciled.results[connection.name] = result
            where = f"connection {connection.name!r}"
            # Not explained by time: a lost right looks just like it.
            refuse_unlikely_loss(result.deleted_count, result.held_count, ENTITY, where)
        except DealhouseError as error:
            reconciled.failures[connection.name] = error


def refuse_defects(reconciled: Reconciled) -> None:
    """Raise when time does not explain everything, or a connection could not be compared.

    Raises:
        DealhouseError: The failure of a connection.
        DifferenceError: Naming what differs.
    """
    for failure in reconciled.failures.values():
        raise failure
    if reconciled.has_defects:
        raise DifferenceError(str(reconciled), "", "Look: dealhouse reconcile --records")


def reconcile_after(cycle: Cycle) -> None:
    """Compare what a cycle has just published, and say so in one line; never a reason to fail it."""
    if cycle.publication is None:
        return
    try:
        reconciled = reconcile_cycle(cycle, most_deals=RECONCILED_ALWAYS)
    except DealhouseError as error:
        cycle.watcher.warn(f"Not reconciled: {error}")
        return
    if reconciled.results or reconciled.left_out:
        out.print(cells(reconciled)[0], soft_wrap=True)
    for failure in reconciled.failures.values():
        cycle.watcher.warn(f"Not reconciled: {failure}")


def reconcile_cycle(cycle: Cycle, *, most_deals: int | None = None) -> Reconciled:
    """Compare the connections that a cycle has read with what it published."""
    cycle.watcher.step("Reconciling with the CRMs")
    connections = [
        connection
        for connection in wanted_connections(cycle.settings, cycle.wish.connections)
        if reads_deals(connection) and connection.name not in cycle.extracted.failures
    ]
    return reconcile_connections(
        connections, cycle.places, cycle.watcher, most_deals=most_deals, censuses=cycle.censuses
    )


def _scope(connection: Connection, data_as_of_at: datetime) -> Scope:
    overlap = source_of(connection.crm).census.overlap
    return Scope(connection.name, data_as_of_at - overlap, connection.start_date)


def _unpublished(connection: Connection) -> NotPublishedError:
    return NotPublishedError(
        "No complete cycle of this connection is published yet.",
        f"connection {connection.name!r}",
        f"Run `dealhouse run --connection {connection.name}`.",
    )
