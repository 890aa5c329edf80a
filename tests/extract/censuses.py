"""Censuses of simulated portals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.core.census import Subject, Taken, take_censuses
from extract.core.lake import Lake
from extract.sources import source_of

if TYPE_CHECKING:
    import pyarrow as pa

    from extract.core.settings import Connection
    from extract.core.source import Progress
    from tests.extract.portals import Tried

CRMS = ("bitrix24", "hubspot")
ENTITIES = ("deals", "leads")
DEALS, LEADS = (Subject("portal", entity) for entity in ENTITIES)


def taken_of(tried: Tried, *entities: str, progress: Progress | None = None) -> Taken:
    """Take the censuses of these entities that the settings ask for; all, where none is named."""
    source = source_of(tried.connection.crm)
    wanted = [census for census in source.censuses if census.is_wanted(tried.connection)]
    censuses = [census for census in wanted if not entities or census.entity in entities]
    return take_censuses(tried.connection, source, censuses, Lake(tried.home), progress)


def take_census(tried: Tried, entity: str = "deals", progress: Progress | None = None) -> pa.Table:
    """One census that nothing is in the way of."""
    taken = taken_of(tried, entity, progress=progress)
    assert not taken.failures
    return taken.tables[Subject("portal", entity)]


def with_leads_from(tried: Tried, leads_from: str) -> Connection:
    """The same connection, which makes its leads from contacts."""
    mappings = tried.connection.mappings.model_copy(update={"leads_from": leads_from})
    return tried.connection.model_copy(update={"mappings": mappings})
