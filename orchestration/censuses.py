"""Censuses of several connections at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from extract.core import locks
from extract.core.census import Taken, take_censuses
from extract.core.errors import DealhouseError
from extract.core.lake import Lake
from orchestration.extraction import source_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.core.settings import Connection
    from extract.core.source import Census
    from orchestration.places import Places
    from orchestration.watching import Watcher

# 20,000 deals take Bitrix24 a minute of execution time and HubSpot 200 requests, as much as a sweep of their
# ids does; a run of a large portal would take an hour's share only to compare. Deals and leads count apart.
RECONCILED_ALWAYS = 20_000

Wanted = tuple["Connection", "Sequence[Census]"]


def wanted_censuses(connection: Connection) -> list[Census]:
    """The censuses of what the settings of a connection ask for."""
    return [census for census in source_of(connection.crm).censuses if census.is_wanted(connection)]


def read_censuses(wanted: Sequence[Wanted], places: Places, watcher: Watcher) -> Taken:
    """What portals show now; one that fails stops no other. The connections are locked by the caller."""
    taken, lake = Taken(), Lake(places.home)

    def read(connection: Connection, censuses: Sequence[Census]) -> Taken:
        try:
            return take_censuses(connection, source_of(connection.crm), censuses, lake, watcher.read)
        except DealhouseError as error:
            return Taken(failures=[error])

    with ThreadPoolExecutor(max(1, len(wanted)), thread_name_prefix="census") as pool:
        for part in pool.map(read, *zip(*wanted, strict=True)) if wanted else ():
            taken.add(part)
    return taken


def told_censuses(wanted: Sequence[Wanted], places: Places, watcher: Watcher) -> Taken:
    """The same under the connections' locks; what does not answer is told, and left out."""
    watcher.step("Comparing with the CRMs")
    with locks.hold(places.locks, [connection.name for connection, _ in wanted]):
        taken = read_censuses(wanted, places, watcher)
    for failure in taken.failures:
        watcher.warn(f"Not reconciled: {failure}")
    return taken
