"""`dealhouse extract`: land records only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from extract.core import locks
from extract.core.files import private_folder
from extract.core.lake import Lake
from extract.core.settings import dealhouse_home, load_settings
from orchestration.commands.choices import checked_connections, checked_entities
from orchestration.console import FAILURE, SUCCESS, UsageError
from orchestration.extraction import Extracted, Wish, extract_connections, source_of
from orchestration.places import Places
from orchestration.progress import watching
from orchestration.running import tell_extraction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from extract.core.settings import Connection


def extract(
    names: Sequence[str], entities: Sequence[str], since: date | None, *, is_from_scratch: bool
) -> int:
    """Land records of the connections and entities named, or of all; the exit code."""
    _refuse_no_beginning(since, is_from_scratch=is_from_scratch)
    settings = load_settings()
    connections = checked_connections(settings, names)
    checked_entities(connections, entities)
    places = Places(private_folder(dealhouse_home()).resolve())
    Lake(places.home).land_settings(settings)
    wish = Wish(entities=tuple(entities), since=since, is_from_scratch=is_from_scratch)
    extracted = _extract(connections, wish, places)
    tell_extraction(extracted)
    return FAILURE if extracted.complaints else SUCCESS


def _refuse_no_beginning(since: date | None, *, is_from_scratch: bool) -> None:
    if since and is_from_scratch:
        raise UsageError(
            "It can begin at one place only.", "--since --from-scratch", "Leave one of them out."
        )
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)  # somewhere it is tomorrow already
    if since and since > tomorrow:
        raise UsageError("That day is yet to come.", f"--since {since}", "Name a day of the past.")


def _extract(connections: Sequence[Connection], wish: Wish, places: Places) -> Extracted:
    """Each CRM's connections at the same time, for the entities that this CRM has."""
    extracted = Extracted()
    with (
        watching("Reading the CRMs") as watcher,
        locks.hold(places.locks, [item.name for item in connections]),
    ):
        for crm in sorted({item.crm for item in connections}):
            known = {item.name for item in source_of(crm).entities}
            mine = tuple(name for name in wish.entities if name in known)
            if not wish.entities or mine:
                of_crm = [item for item in connections if item.crm == crm]
                extracted.add(extract_connections(of_crm, replace(wish, entities=mine), places, watcher))
    return extracted
