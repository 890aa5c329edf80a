"""Extraction of every connection of a CRM, in threads of this process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from extract.core import locks
from extract.core.cycle import EntityRun, extract_connection
from extract.core.errors import DealhouseError
from extract.core.settings import CRMS, Connection, Settings

if TYPE_CHECKING:
    from datetime import date

    from extract.core.source import Source
    from orchestration.places import Places
    from orchestration.watching import Watcher


@dataclass(frozen=True)
class Wish:
    """What to extract: nothing named means everything. Thorough: what is swept once a day too."""

    connections: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    since: date | None = None
    is_from_scratch: bool = False
    is_thorough: bool = False


@dataclass
class Extracted:
    """What was extracted, and which connections failed as a whole."""

    runs: list[EntityRun] = field(default_factory=list)
    failures: dict[str, DealhouseError] = field(default_factory=dict)

    def add(self, other: Extracted) -> None:
        """Take over what another extraction brought."""
        self.runs += other.runs
        self.failures |= other.failures

    @property
    def complaints(self) -> list[str]:
        """Every connection and entity that could not be read, in words."""
        whole = [f"{name}: {error}" for name, error in sorted(self.failures.items())]
        parts = [
            f"{run.connection}, {run.entity}: {run.error or 'incomplete'}"
            for run in self.runs
            if run.is_required and not run.is_complete
        ]
        return whole + parts

    @property
    def remarks(self) -> list[str]:
        """Every entity that this portal does not offer or the token may not read, where that is no fault."""
        return [f"{run.connection}, {run.entity}: {run.error}" for run in self.runs if not run.is_required]


def source_of(crm: str) -> Source:
    """The source of a CRM."""
    source: Source = import_module(f"extract.sources.{crm}").SOURCE
    return source


def wanted_connections(settings: Settings, names: tuple[str, ...]) -> list[Connection]:
    """The connections named, or all of them."""
    return [settings.connection(name) for name in names] if names else list(settings.connections)


def extract_crm(crm: str, settings: Settings, wish: Wish, places: Places, watcher: Watcher) -> Extracted:
    """Extract the wanted connections of one CRM at the same time; one that fails stops no other."""
    if crm not in CRMS:
        raise ValueError(crm)
    connections = [item for item in wanted_connections(settings, wish.connections) if item.crm == crm]
    return extract_connections(connections, wish, places, watcher)


def extract_connections(
    connections: list[Connection], wish: Wish, places: Places, watcher: Watcher
) -> Extracted:
    """Extract connections at the same time, each under its lock."""
    extracted = Extracted()
    if not connections:
        return extracted
    import_module("pandas")  # two dlt runs in threads can crash while both import it first

    with (
        locks.hold(places.locks, [connection.name for connection in connections]),
        ThreadPoolExecutor(len(connections), thread_name_prefix="connection") as pool,
    ):
        for part in pool.map(lambda item: _extract(item, wish, places, watcher), connections):
            extracted.add(part)
    return extracted


def _extract(connection: Connection, wish: Wish, places: Places, watcher: Watcher) -> Extracted:
    try:
        runs = extract_connection(
            connection,
            source_of(connection.crm),
            places.home,
            entities=list(wish.entities) or None,
            since=wish.since,
            from_scratch=wish.is_from_scratch,
            is_thorough=wish.is_thorough,
            progress=watcher.read,
        )
    except DealhouseError as error:
        return Extracted(failures={connection.name: error})
    return Extracted(runs)
